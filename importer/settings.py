"""What a command works with: its options, the environment and a profile, settled into one frozen value.

An option beats the environment, the environment beats a profile. No option and no profile holds a secret.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Never

import platformdirs

from importer.errors.base import ConfigurationError, UsageError, suggestion

APPLICATION: Final = "lsq-import"


class Secret:
    """A key that can be used, but not printed, logged, pickled or shown in a traceback by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself: for request headers, and for nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> Never:
        raise TypeError("a secret can't be pickled")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds."""

    calls: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.calls}/{self.seconds:g}s"


DEFAULT_RATE: Final = Rate(25, 5.0)
"""What every page of the API names: 25 calls in 5 seconds. Real accounts may have less (rate-limits page)."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls that may be made in a day."""

    calls: int | None = None
    share: float | None = None
    """Of the account's daily quota."""

    def of(self, quota: int) -> int:
        """The calls that this is, if the account's quota is so many."""
        return self.calls if self.calls is not None else int(quota * (self.share or 0.0))


DEFAULT_TIMEOUT: Final = 150.0
"""Seconds for one call: servers were seen to work for minutes on what others had given up."""

DEFAULT_SETTLE: Final = 300.0
"""Seconds before a lost answer is looked up for good: 222 s were seen between a request and its effect."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is not about one source or one mapping."""

    host: str | None
    async_host: str | None
    access_key: Secret | None
    secret_key: Secret | None
    api_key: Secret | None
    allow_host: bool
    rate: Rate
    bulk_rate: Rate
    timeout: float
    """Seconds for one call, from its first byte to the last of its answer."""
    settle: float
    """Seconds after which a call whose answer was lost can be looked up: the server has finished or dropped it."""
    state: Path
    """Folder of the ledger, absolute: it is the same wherever the next command is started."""
    profile: str | None
    rates_given: frozenset[str] = frozenset()
    """Which of both rates the user has said: `rate`, `bulk_rate`."""
    budget: Budget | None = None


VARIABLES: Final = {
    "host": "LSQ_HOST",
    "async_host": "LSQ_ASYNC_HOST",
    "access_key": "LSQ_ACCESS_KEY",
    "secret_key": "LSQ_SECRET_KEY",
    "api_key": "LSQ_API_KEY",
    "allow_host": "LSQ_ALLOW_HOST",
    "rate": "LSQ_RATE",
    "bulk_rate": "LSQ_BULK_RATE",
    "budget": "LSQ_BUDGET",
    "timeout": "LSQ_TIMEOUT",
    "settle": "LSQ_SETTLE",
    "state": "LSQ_STATE_DIR",
    "profile": "LSQ_PROFILE",
}
"""Setting -> the environment variable that holds it."""

_IN_PROFILES: Final = ("host", "async_host", "allow_host", "rate", "bulk_rate", "budget", "timeout", "settle", "state")
_SECRETS: Final = ("access_key", "secret_key", "api_key")


def profiles_file() -> Path:
    """Where profiles are kept: `[NAME]` tables with `host`, `bulk_rate` and so on, but never a key."""
    return platformdirs.user_config_path(APPLICATION) / "profiles.toml"


def settle_settings(
    options: Mapping[str, str | None], environ: Mapping[str, str], profiles: Path | None = None
) -> Settings:
    """Settles every setting.

    :param options: by setting name (`bulk_rate`); None or a missing name means that the option was not given.
    :raises UsageError: a value that can't be understood, named with where it came from.
    :raises ConfigurationError: an unknown profile, or one with keys in it.
    """
    given = {name: text for name, text in options.items() if text is not None}
    found = {name: environ[variable] for name, variable in VARIABLES.items() if environ.get(variable, "").strip()}
    profile = given.get("profile", found.get("profile"))
    base = _read_profile(profile, profiles or profiles_file()) if profile else {}
    texts = base | found | given

    def origin(name: str) -> str:
        if name in given:
            return "--" + name.replace("_", "-")
        return VARIABLES[name] if name in found else f"{name} in profile {profile}"

    def rate(name: str) -> Rate:
        return parse_rate(texts[name], origin(name)) if name in texts else DEFAULT_RATE

    def seconds(name: str, usual: float, at_least: float = 0.0) -> float:
        return _parse_seconds(texts[name], origin(name), at_least) if name in texts else usual

    def secret(name: str) -> Secret | None:
        return Secret(texts[name].strip()) if name in texts else None

    return Settings(
        host=texts.get("host"),
        async_host=texts.get("async_host"),
        access_key=secret("access_key"),
        secret_key=secret("secret_key"),
        api_key=secret("api_key"),
        allow_host=texts.get("allow_host", "").strip().lower() in ("1", "true", "yes"),
        rate=rate("rate"),
        bulk_rate=rate("bulk_rate"),
        timeout=seconds("timeout", DEFAULT_TIMEOUT, at_least=0.1),
        settle=seconds("settle", DEFAULT_SETTLE),
        state=folder_named(texts["state"], origin("state")).absolute()
        if "state" in texts
        else platformdirs.user_state_path(APPLICATION),
        profile=profile,
        rates_given=frozenset({"rate", "bulk_rate"} & texts.keys()),
        budget=parse_budget(texts["budget"], origin("budget")) if "budget" in texts else None,
    )


def folder_named(text: str, origin: str) -> Path:
    """The folder of this name; `~` is a home folder wherever the name comes from, not only in a shell.

    :raises UsageError: nobody knows that home.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f'{origin}: nobody knows the home folder in "{text}".', "Write the whole path.") from None


def parse_rate(text: str, origin: str) -> Rate:
    """Understands `25/5s`.

    :raises UsageError: anything else.
    """
    found = re.fullmatch(r"\s*([1-9][0-9]{0,5})\s*/\s*([0-9]{1,5}(?:\.[0-9]+)?)\s*s?\s*", text)
    if not found or float(found[2]) <= 0:
        raise UsageError(f'{origin}: "{text}" is not a rate.', "Write calls, a slash and seconds, for example 25/5s.")
    return Rate(int(found[1]), float(found[2]))


def parse_budget(text: str, origin: str) -> Budget:
    """Understands `5000` and `40%`.

    :raises UsageError: anything else.
    """
    found = re.fullmatch(r"\s*([0-9]{1,9})\s*|\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*%\s*", text)
    if not found or (found[2] and float(found[2]) > 100):
        raise UsageError(
            f'{origin}: "{text}" is not a budget.',
            "Write the calls a day, for example 5000, or a part of the account's quota, for example 40%.",
        )
    return Budget(int(found[1])) if found[1] else Budget(share=float(found[2]) / 100)


def _parse_seconds(text: str, origin: str, at_least: float) -> float:
    try:
        seconds = float(text.strip().removesuffix("s"))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise UsageError(f'{origin}: "{text}" is not a number of seconds.', "Write plain seconds, for example 150.")
    if seconds < at_least:
        raise UsageError(f'{origin}: "{text}" is too short for a call.', "Write plain seconds, for example 150.")
    return seconds


class ProfileFault(ConfigurationError):
    """A profile that is not there or not acceptable."""

    code = "profile"

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        super().__init__(f"{path}: {what}.", remedy)


def _read_profile(name: str, path: Path) -> dict[str, str]:
    try:
        profiles = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        profiles = {}
    except (OSError, ValueError) as error:
        raise ProfileFault(path, f"it can't be read ({error})", "Correct the file, or run without --profile.") from None
    profile = profiles.get(name)
    if not isinstance(profile, dict):
        near = suggestion(name, list(profiles))
        raise ProfileFault(path, f'there is no profile "{name}"', f"Add a table [{name}] to it.{near}".strip())
    for key, value in profile.items():
        if key in _SECRETS:
            raise ProfileFault(
                path,
                f'the profile "{name}" holds {key}',
                f"Take it out, and change that key in LeadSquared if others can read the file; set {VARIABLES[key]}.",
            )
        if key not in _IN_PROFILES or isinstance(value, dict | list):
            near = suggestion(key, _IN_PROFILES)
            raise ProfileFault(
                path, f'"{key}" is not a setting of a profile', f"Known: {', '.join(_IN_PROFILES)}.{near}"
            )
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in profile.items()}
