"""Settings that no sandbox can work with."""

from typing import Any

import pytest

from importer.sandbox.settings import InvalidSettingError, Rate, SandboxSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_key": ""},
        {"secret_key": ""},
        {"api_key": ""},
        {"rate": Rate(0, 5)},
        {"bulk_rate": Rate(5, 0)},
        {"latency": -1},
        {"jitter": float("nan")},
        {"read_lag": -0.1},
        {"async_delay": -1},
        {"retrieve_cap": 0},
        {"daily_quota": 0},
        {"country_code": "+91"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(wrong: dict[str, Any]) -> None:
    """What can't work is refused when the settings are made, and the message names the setting."""
    with pytest.raises(InvalidSettingError, match=f"sandbox setting {next(iter(wrong))}: "):
        SandboxSettings(**wrong)


def test_keys_do_not_print() -> None:
    """The settings' text has no key in it."""
    assert "sandbox-" not in repr(SandboxSettings())
