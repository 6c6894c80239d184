"""Whose call it is: access and secret key in headers or query, and the async `x-api-key` (page authentication)."""

import secrets
from collections.abc import Mapping
from typing import Literal

from importer.sandbox.settings import SandboxSettings

Door = Literal["account", "async", "status"]


class KeyCheck:
    """Compares the keys of calls with those of the settings, and keeps none of them."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._account = (settings.access_key, settings.secret_key)
        self._api_key = settings.api_key

    def admits(self, door: Door, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether these headers and this query (names in lower case) hold the keys that the door asks for.

        Account calls need access and secret key; async calls `x-api-key` as well (page 001); their status and metrics
        only that (page get-create-lead-and-activity-metrics).
        """
        by_header = (headers.get("x-lsq-accesskey", ""), headers.get("x-lsq-secretkey", ""))
        by_query = (query.get("accesskey", ""), query.get("secretkey", ""))
        account = _equal(by_header, self._account) or _equal(by_query, self._account)
        api_key = _equal((headers.get("x-api-key", ""),), (self._api_key,))
        return {"account": account, "async": account and api_key, "status": api_key}[door]


def _equal(given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    pairs = zip(given, wanted, strict=True)
    return all(secrets.compare_digest(one.encode(), other.encode()) for one, other in pairs)
