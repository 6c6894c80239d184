"""What a command works with: options, environment and profile, and which of them wins; and keys that do not print."""

import copy
import dataclasses
import json
import logging
import os
import pickle
import traceback
from pathlib import Path
from pprint import pformat
from string import Template

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors.base import ConfigurationError, ExitCode, UsageError
from importer.settings import (
    APPLICATION,
    DEFAULT_RATE,
    ProfileFault,
    Rate,
    Secret,
    Settings,
    parse_rate,
    settle_settings,
)

NO_PROFILES = Path("there-is-no-such-file.toml")

NAMES = {
    # (setting: variable, three values of it)
    "host": ("LSQ_HOST", "a.leadsquared.com", "b.leadsquared.com", "c.leadsquared.com"),
    "async_host": ("LSQ_ASYNC_HOST", "asyncapi.leadsquared.com", "asyncapi-in21.leadsquared.com", "x.leadsquared.com"),
    "rate": ("LSQ_RATE", "1/5s", "2/5s", "3/5s"),
    "bulk_rate": ("LSQ_BULK_RATE", "4/5s", "5/5s", "6/5s"),
    "timeout": ("LSQ_TIMEOUT", "10", "20", "30"),
    "budget": ("LSQ_BUDGET", "100", "200", "30%"),
    "settle": ("LSQ_SETTLE", "40", "50", "60"),
    "state": ("LSQ_STATE_DIR", "one", "two", "three"),
}


def profiles(tmp_path: Path, text: str) -> Path:
    """A file of profiles."""
    path = tmp_path / "profiles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settled(
    options: dict[str, str | None] | None = None, environ: dict[str, str] | None = None, file: Path = NO_PROFILES
) -> Settings:
    return settle_settings(options or {}, environ or {}, file)


# --------------------------------------------------------------------------------------------------- precedence


def test_without_anything_there_are_the_usual_values() -> None:
    """Nothing given: no account, the limit of the API's pages, 150 seconds a call, 300 to settle, the user's folder."""
    found = settled()
    assert found == Settings(
        host=None,
        async_host=None,
        access_key=None,
        secret_key=None,
        api_key=None,
        allow_host=False,
        rate=DEFAULT_RATE,
        bulk_rate=DEFAULT_RATE,
        timeout=150.0,
        settle=300.0,
        state=platformdirs.user_state_path(APPLICATION),
        profile=None,
    )
    assert Rate(25, 5.0) == DEFAULT_RATE


@pytest.mark.parametrize("name", NAMES)
def test_an_option_beats_the_environment_and_the_environment_a_profile(tmp_path: Path, name: str) -> None:
    """Each setting comes from the nearest place that names it."""
    variable, far, nearer, nearest = NAMES[name]
    file = profiles(tmp_path, f'[p]\n{name} = "{far}"\n')

    def value(options: dict[str, str | None], environ: dict[str, str]) -> object:
        return getattr(settled(options, environ | {"LSQ_PROFILE": "p"}, file), name)

    def alone(text: str) -> object:
        return getattr(settled({name: text}), name)

    assert value({}, {}) == alone(far)
    assert value({}, {variable: nearer}) == alone(nearer)
    assert value({name: nearest}, {variable: nearer}) == alone(nearest)
    assert value({name: None}, {variable: nearer}) == alone(nearer)
    assert value({}, {variable: "  "}) == alone(far), "an empty variable is as good as none"
    assert len({alone(far), alone(nearer), alone(nearest)}) == 3


def test_the_profile_itself_is_an_option_or_a_variable(tmp_path: Path) -> None:
    """--profile beats LSQ_PROFILE; without either no profile is read, not even a broken file of them."""
    file = profiles(tmp_path, '[one]\nhost = "1.leadsquared.com"\n[two]\nhost = "2.leadsquared.com"\n')
    assert settled({}, {"LSQ_PROFILE": "one"}, file).host == "1.leadsquared.com"
    found = settled({"profile": "two"}, {"LSQ_PROFILE": "one"}, file)
    assert (found.host, found.profile) == ("2.leadsquared.com", "two")
    assert settled({}, {}, profiles(tmp_path, "no toml [")).host is None


def test_keys_come_from_the_environment() -> None:
    """The three keys are read from their variables, without white space at their ends."""
    found = settled({}, {"LSQ_ACCESS_KEY": " u$rAK\n", "LSQ_SECRET_KEY": "SK", "LSQ_API_KEY": "XK"})
    assert found.access_key is not None
    assert found.secret_key is not None
    assert found.api_key is not None
    assert [key.reveal() for key in (found.access_key, found.secret_key, found.api_key)] == ["u$rAK", "SK", "XK"]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        (" 1 ", True),
        ("0", False),
        ("false", False),
        ("no", False),
        ("", False),
    ],
)
def test_another_host_is_allowed_by_a_clear_word(text: str, allowed: bool) -> None:
    """LSQ_ALLOW_HOST is on when it says so."""
    assert settled({}, {"LSQ_ALLOW_HOST": text}).allow_host is allowed


def test_a_profile_may_write_numbers_and_truths_as_toml_has_them(tmp_path: Path) -> None:
    """Plain numbers and true need no quotation marks."""
    file = profiles(tmp_path, '[p]\nallow_host = true\ntimeout = 20\nsettle = 0.5\nbulk_rate = "1/5"\n')
    found = settled({"profile": "p"}, {}, file)
    assert (found.allow_host, found.timeout, found.settle, found.bulk_rate) == (True, 20.0, 0.5, Rate(1, 5.0))


# -------------------------------------------------------------------------------------------------- their forms


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25/5s", Rate(25, 5.0)),
        ("25/5", Rate(25, 5.0)),
        (" 25 / 5 s ", Rate(25, 5.0)),
        ("1/0.5s", Rate(1, 0.5)),
        ("999999/99999s", Rate(999999, 99999.0)),
    ],
)
def test_a_rate_is_calls_and_seconds(text: str, rate: Rate) -> None:
    """`25/5s` is 25 calls in 5 seconds."""
    assert parse_rate(text, "--rate") == rate
    assert parse_rate(str(rate), "--rate") == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "25/",
        "/5s",
        "0/5s",
        "25/0s",
        "25/0.0s",
        "-1/5s",
        "25/-5s",
        "2.5/5s",
        "25/5m",
        "25/5s x",
        "1e3/5s",
        "25/5s/2",
        "\u0662\u0665/5s",
        "25/infs",
        "1000000/5s",
    ],
)
def test_what_is_no_rate_is_named_with_its_origin(text: str) -> None:
    """A rate that can't be understood is shown with where it came from and an example."""
    for options, environ, origin in (
        ({"bulk_rate": text}, {}, "--bulk-rate"),
        ({}, {"LSQ_BULK_RATE": text or "x"}, "LSQ_BULK_RATE"),
    ):
        with pytest.raises(UsageError, match=f"^{origin}: ") as refused:
            settled({**options}, environ)
        assert "25/5s" in refused.value.remedy
        assert refused.value.exit_code == ExitCode.NOT_STARTED


@given(st.integers(1, 999_999), st.floats(0.001, 99_999).map(lambda seconds: round(seconds, 3)))
def test_a_rate_that_is_printed_can_be_read(calls: int, seconds: float) -> None:
    """The program's own words for a rate, as far as they are exact, are understood again."""
    rate = Rate(calls, float(f"{seconds:g}"))
    if "e" not in str(rate):
        assert parse_rate(str(rate), "x") == rate


@pytest.mark.parametrize(("text", "seconds"), [("150", 150.0), ("150s", 150.0), (" 0.5 ", 0.5), ("1e2", 100.0)])
def test_seconds_are_plain_numbers(text: str, seconds: float) -> None:
    """A time limit is a number of seconds, with or without an s."""
    assert settled({"timeout": text}).timeout == seconds
    assert settled({"settle": text}).settle == seconds


@pytest.mark.parametrize("text", ["", "-1", "x", "nan", "inf", "-inf", "1e6", "1m", "1:30", "1,5", "0x10"])
@pytest.mark.parametrize("name", ["timeout", "settle"])
def test_what_is_no_number_of_seconds_is_named_with_its_origin(tmp_path: Path, name: str, text: str) -> None:
    """Seconds that can't be understood are shown with where they came from."""
    with pytest.raises(UsageError, match=f"^--{name}: "):
        settled({name: text})
    with pytest.raises(UsageError, match=f"^LSQ_{name.upper()}: "):
        settled({}, {f"LSQ_{name.upper()}": text or "x"})
    with pytest.raises(UsageError, match=f"^{name} in profile p: "):
        settled({"profile": "p"}, {}, profiles(tmp_path, f'[p]\n{name} = "{text}"\n'))


@pytest.mark.parametrize("text", ["0", "0.0", "0s", "0.05", "-0"])
def test_a_call_needs_some_time(text: str) -> None:
    """No call can be over in no time at all, but rows may be looked up at once."""
    with pytest.raises(UsageError, match=r"--timeout: .* too short"):
        settled({"timeout": text})
    assert settled({"settle": text}).settle < 0.1


# ------------------------------------------------------------------------------------------------------ profiles


def test_a_profile_that_is_not_there_is_named_with_a_near_one(tmp_path: Path) -> None:
    """A misspelt profile is an error with a hint, whether there is a file of profiles or not."""
    file = profiles(tmp_path, '[production]\nhost = "api.leadsquared.com"\n')
    with pytest.raises(ProfileFault, match=r'no profile "producton".*Did you mean "production"') as refused:
        settled({"profile": "producton"}, {}, file)
    assert refused.value.exit_code == ExitCode.NOT_STARTED
    with pytest.raises(ProfileFault, match="no profile"):
        settled({"profile": "production"})


@pytest.mark.parametrize("name", ["access_key", "secret_key", "api_key"])
def test_a_profile_with_a_key_in_it_is_refused(tmp_path: Path, name: str) -> None:
    """Keys don't belong into files: they are named with their variable, and not shown."""
    file = profiles(tmp_path, f'[p]\nhost = "api.leadsquared.com"\n{name} = "canary"\n')
    with pytest.raises(ConfigurationError, match=f"LSQ_{name.upper()}") as refused:
        settled({"profile": "p"}, {f"LSQ_{name.upper()}": "from the environment"}, file)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        'bulkrate = "1/5s"',
        'accessKey = "canary"',
        'LSQ_SECRET_KEY = "canary"',
        'profile = "canary"',
        "rate = [1, 5]",
        "host = {name = 'canary'}",
        "[p.deeper]",
    ],
)
def test_a_profile_with_anything_else_in_it_is_refused(tmp_path: Path, line: str) -> None:
    """A line that is no setting is named together with what may stand there, and its value is not shown."""
    with pytest.raises(ProfileFault, match=r"not a setting of a profile.*bulk_rate") as refused:
        settled({"profile": "p"}, {}, profiles(tmp_path, f"[p]\n{line}\n"))
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("content", [b"[p", b"\xff\xfe[p]", b'[p]\nhost = "a"\nhost = "b"\n', b"[p]\nhost = canary\n"])
def test_a_file_of_profiles_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    """A file that can't be read as TOML is an error with its path, and its content is not shown."""
    file = tmp_path / "profiles.toml"
    file.write_bytes(content)
    with pytest.raises(ProfileFault, match=r"profiles\.toml.*can't be read") as refused:
        settled({"profile": "p"}, {}, file)
    assert "canary" not in str(refused.value)


def test_a_name_that_is_no_table_is_no_profile(tmp_path: Path) -> None:
    """A plain value of that name is not taken for a profile."""
    with pytest.raises(ProfileFault, match="no profile"):
        settled({"profile": "p"}, {}, profiles(tmp_path, 'p = "canary"\n'))


# ------------------------------------------------------------------------------------------------------- secrets

CANARY = "SKcanary8e7d6c5b4a392817"
WITH_KEYS = settled({}, {"LSQ_ACCESS_KEY": CANARY, "LSQ_SECRET_KEY": CANARY, "LSQ_API_KEY": CANARY})


def test_a_secret_does_not_print() -> None:
    """However a secret is turned into text, its value is not in it."""
    secret = Secret(CANARY)
    texts = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>40}",
        f"{secret!s}",
        "%s %r" % (secret, secret),  # noqa: UP031  # the old way has to be safe as well
        "{0} {0!r}".format(secret),  # noqa: UP032
        Template("$key").substitute(key=secret),
        repr([secret]),
        repr({"key": secret}),
        pformat({"key": (secret,)}),
        ascii(secret),
        json.dumps({"key": secret}, default=str),
        " ".join(dir(secret)),
    ]
    assert not any(CANARY in text for text in texts)
    assert secret.reveal() == CANARY


def test_settings_do_not_print_their_secrets() -> None:
    """The settings can be printed as a whole, in an error message or a debugger."""
    assert CANARY not in repr(WITH_KEYS) + str(WITH_KEYS) + pformat(WITH_KEYS) + f"{WITH_KEYS}"
    assert repr(WITH_KEYS).count("Secret(…)") == 3


def test_a_secret_is_not_copied_out_of_the_process() -> None:
    """A secret, and settings with one, can't be pickled or taken apart by copying."""
    for value in (Secret(CANARY), [Secret(CANARY)], WITH_KEYS):
        with pytest.raises(TypeError):
            pickle.dumps(value)
        with pytest.raises(TypeError):
            copy.deepcopy(value)
    with pytest.raises(TypeError):
        dataclasses.asdict(WITH_KEYS)
    with pytest.raises(TypeError):
        json.dumps(Secret(CANARY))
    with pytest.raises(TypeError):
        vars(Secret(CANARY))


def test_a_secret_is_in_no_traceback() -> None:
    """An error that was raised with secrets around does not show them, not even with the values of variables."""

    def stumble(settings: Settings, secret: Secret) -> None:
        raise ValueError(settings, secret)

    with pytest.raises(ValueError) as raised:
        stumble(WITH_KEYS, Secret(CANARY))
    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    text = "".join(report.format())
    assert "Secret(…)" in text
    assert CANARY not in text


def test_a_secret_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """A secret that is logged by mistake shows nothing."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%s %r %s", Secret(CANARY), Secret(CANARY), WITH_KEYS)
    assert CANARY not in caplog.text
    assert "Secret(…)" in caplog.text


def test_secrets_are_no_keys_of_comparisons() -> None:
    """Two secrets are equal only if they are the same object: no hash or order tells anything about them."""
    assert Secret(CANARY) != Secret(CANARY)
    with pytest.raises(TypeError):
        sorted([Secret("b"), Secret("a")])  # type: ignore[type-var]  # that is the point


# ---------------------------------------------------------------------------------------------------- folders


@pytest.mark.skipif(os.name == "nt", reason="home folders are told otherwise there")
@pytest.mark.parametrize("by", ["option", "variable", "profile"])
def test_a_home_folder_is_one_wherever_it_is_named(by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a shell puts the home folder in the place of ~: cron, env files and profiles leave that to the program."""
    monkeypatch.setenv("HOME", str(tmp_path))
    options = {"state": "~/st"} if by == "option" else {}
    environ = {"LSQ_STATE_DIR": "~/st"} if by == "variable" else {}
    file = profiles(tmp_path, '[nightly]\nstate = "~/st"\n')
    found = settle_settings(options | ({"profile": "nightly"} if by == "profile" else {}), environ, file)
    assert found.state == tmp_path / "st"


def test_a_folder_is_absolute_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of it tells where it is, and a change of folder changes nothing."""
    monkeypatch.chdir(tmp_path)
    assert settled({"state": "st"}).state == tmp_path / "st"


def test_a_home_that_nobody_knows_is_told() -> None:
    """It is no folder of that name in the current one."""
    with pytest.raises(UsageError, match="LSQ_STATE_DIR: nobody knows the home folder"):
        settled(environ={"LSQ_STATE_DIR": "~nobody-is-called-so/st"})
