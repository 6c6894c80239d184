"""What a sandbox can be told: keys, limits, and which variant it serves where the sources of the API disagree."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Strictness = Literal["open", "seeded"]


class Rate(NamedTuple):
    """So many calls in any stretch of so many seconds."""

    calls: int
    seconds: float


DOCUMENTED_RATE = Rate(25, 5)  # every endpoint's page says so


class InvalidSettingError(ValueError):
    """A setting that no sandbox can work with."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(f"sandbox setting {name}: {value!r} is not {wanted}")


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """The behaviour of one sandbox; times are seconds, counts are counts. Raises InvalidSettingError.

    `access_key`, `secret_key`: of the account; `api_key`: the `x-api-key` of the async calls (pages 001 and async-api).
    `throttle`: how a call over the limit is refused, "429", "403" or "200" (all three were seen on live accounts).
    `rate`, `bulk_rate`: the sliding windows of single and of bulk calls, None for no limit (page rate-limits).
    `daily_quota`: calls per UTC day, None for no limit.
    `bad_row`: a wrong row fails alone ("row") or fails its bulk call ("call"); no page says which.
    `failure_key`: the key with a failed row's text; `failure_id`: whether its ProspectActivityId is null or absent.
    `call_errors`: the status of an MX error of a single writing call; some accounts answer 200 ("200").
    `offset`: what Retrieve's Offset counts, "page" (page 004) or "row" (a live account).
    `retrieve_cap`: the most activities one Retrieve gives; `retrieve_count`: its RecordCount, all or this page's.
    `oversized_page`: a PageSize above 1000 is an error or is cut silently; both were seen.
    `dropdown_flag`: ValidateDropDownOptions=true "skips" the validation, as documented, or asks for it ("validates").
    `phone_match`: look-ups by phone compare the "digits", country code or not, or the "exact" stored text.
    `leads`: "seeded": only known leads exist; "open": every well-formed id does, the seed's deleted ones excepted.
    `activity_types`: "open" accepts unknown codes, with text fields mx_Custom_1 to mx_Custom_50.
    `owners`: "open" accepts every owner's e-mail address.
    `future_dates_allowed`: whether ActivityDateTime may lie in the future (some accounts refuse that).
    `latency`, `jitter`: every call waits latency, plus up to jitter; `read_lag`: how late an activity can be read.
    `async_delay`: how long an async request stays in the queue.
    `database`: the SQLite file that keeps everything, or ":memory:".
    `time_zone`, `country_code`, `org_code`: the account's, as UserByAccessKey.Get gives them.
    """

    access_key: str = field(default="sandbox-access-key", repr=False)
    secret_key: str = field(default="sandbox-secret-key", repr=False)
    api_key: str = field(default="sandbox-api-key", repr=False)
    throttle: Literal["429", "403", "200"] = "429"
    rate: Rate | None = DOCUMENTED_RATE
    bulk_rate: Rate | None = DOCUMENTED_RATE
    daily_quota: int | None = None
    bad_row: Literal["row", "call"] = "row"
    failure_key: Literal["ExceptionMessage", "ErrorMessage", "Message", "Reason"] = "ExceptionMessage"
    failure_id: Literal["null", "absent"] = "null"
    call_errors: Literal["500", "200"] = "500"
    offset: Literal["page", "row"] = "page"
    retrieve_cap: int = 1000
    retrieve_count: Literal["total", "page"] = "total"
    oversized_page: Literal["error", "clamp"] = "error"
    dropdown_flag: Literal["skips", "validates"] = "skips"
    phone_match: Literal["digits", "exact"] = "digits"
    leads: Strictness = "seeded"
    activity_types: Strictness = "seeded"
    owners: Strictness = "seeded"
    future_dates_allowed: bool = True
    latency: float = 0.0
    jitter: float = 0.0
    read_lag: float = 0.0
    async_delay: float = 0.0
    database: Path | Literal[":memory:"] = ":memory:"
    time_zone: str = "Asia/Kolkata"
    country_code: str = "91"
    org_code: str = "SANDBOX"

    def __post_init__(self) -> None:
        for name in ("access_key", "secret_key", "api_key"):
            self._require(name, getattr(self, name) != "", "a text")
        for name in ("rate", "bulk_rate"):
            rate: Rate | None = getattr(self, name)
            self._require(name, rate is None or (rate.calls > 0 and rate.seconds > 0), "calls and seconds above 0")
        for name in ("latency", "jitter", "read_lag", "async_delay"):
            self._require(name, getattr(self, name) >= 0, "0 or more seconds")
        self._require("retrieve_cap", self.retrieve_cap >= 1, "1 or more")
        self._require("daily_quota", self.daily_quota is None or self.daily_quota >= 1, "1 or more")
        self._require("country_code", self.country_code.isdecimal(), "digits")
        self._require("time_zone", _is_time_zone(self.time_zone), "a time zone")

    def _require(self, name: str, fits: bool, wanted: str) -> None:
        if not fits:
            raise InvalidSettingError(name, getattr(self, name), wanted)


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True
