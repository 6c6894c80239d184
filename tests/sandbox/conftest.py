"""Sandboxes for tests: one that is shared and emptied, and as many special ones as a test asks for."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from importer.sandbox.settings import SandboxSettings

from .calling import Api, Start, Time


@pytest.fixture(scope="session")
def _stopping() -> Iterator[list[Future[None]]]:
    stopped: list[Future[None]] = []
    yield stopped
    for each in stopped:
        each.result()


@pytest.fixture(scope="session")
def _pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture
def start(_pool: ThreadPoolExecutor, _stopping: list[Future[None]]) -> Iterator[Start]:
    """Starts sandboxes that are stopped when the test is over."""
    started: list[Api] = []

    def start(settings: SandboxSettings | None = None, **more: Any) -> Api:
        api = Api(settings or SandboxSettings(rate=None, bulk_rate=None), **more)
        started.append(api)
        return api

    yield start
    # Stopping takes some tenths of a second, which the next test need not wait for.
    _stopping.extend(_pool.submit(api.stop) for api in started)


@pytest.fixture(scope="session")
def _shared() -> Iterator[Api]:
    api = Api(SandboxSettings(rate=None, bulk_rate=None))
    yield api
    api.stop()


@pytest.fixture
def api(_shared: Api) -> Api:
    """A sandbox with the demonstration account and no limits, as new."""
    _shared.send("POST", "/sandbox/reset")
    return _shared


@pytest.fixture
def time() -> Time:
    """A time that stands still."""
    return Time()
