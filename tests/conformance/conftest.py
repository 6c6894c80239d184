"""Tests against a real account run only if they are asked for by their mark."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves live tests out unless `-m live` names them."""
    if "live" not in str(config.getoption("-m")):
        kept = [item for item in items if item.get_closest_marker("live") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
