"""One rule: on which calls which fault falls, and when their rows are stored."""

import random
import shlex
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from importer.sandbox.faults.catalogue import make_fault, options_of
from importer.sandbox.faults.commits import LATE_SECONDS, Commit
from importer.sandbox.faults.compact import read_compact
from importer.sandbox.faults.errors import (
    CommitError,
    EmptyRuleError,
    LateWithoutCommitError,
    MixedLevelsError,
    NoRowsError,
    RuleError,
    RuleShapeError,
    SelectionError,
    UnfitCallsError,
    UnfitCommitError,
    UnfitOptionError,
    near,
)
from importer.sandbox.faults.fault import CONNECTION, Calls, Fault, Seconds, writes
from importer.sandbox.faults.numbers import Numbers
from importer.sandbox.kinds import KINDS

_OWN_KEYS: Final = frozenset({"fault", "calls", "number", "every", "share", "times", "commit", "late"})


def _names(given: object) -> object:
    return tuple(part.strip() for part in given.split(",")) if isinstance(given, str) else given


def _numbers(given: object) -> Numbers | None:
    return None if given is None else Numbers.read(given)


def _commits(given: object, info: ValidationInfo) -> tuple[Commit, ...]:
    late = info.data.get("late")
    parts = given.split(",") if isinstance(given, str) else given
    if isinstance(parts, Commit | Mapping):
        parts = [parts]
    if not isinstance(parts, Iterable):
        raise CommitError(given)
    return tuple(Commit.read(each, LATE_SECONDS if late is None else late) for each in parts)


class Rule(BaseModel):
    """A rule of a schedule. Raises pydantic's ValidationError.

    `fault`: one name, or several of which one is drawn for each call. `calls`: what is counted. Of the calls counted,
    `number` (3, "3-7", [1, "4-6"]), `every` (each N-th) or `share` (0 to 1, drawn) chooses, else all; `times` at most.
    `commit`: before, after, never, late, partly:ROWS, or several of which one is drawn; `late`: seconds of `late`.
    The other keys are options of faults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fault: Annotated[tuple[str, ...], BeforeValidator(_names)]
    calls: Calls | None = None
    number: Annotated[Numbers | None, BeforeValidator(_numbers)] = None
    every: Annotated[int, Field(ge=1)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    late: Seconds | None = None
    commit: Annotated[tuple[Commit, ...], BeforeValidator(_commits)] = ()

    bytes: Any = None
    seconds: Any = None
    status: Any = None
    message: Any = None
    location: Any = None
    retry_after: Any = None
    words: Any = None
    type: Any = None
    depth: Any = None
    megabytes: Any = None
    by: Any = None
    field: Any = None
    characters: Any = None

    _faults: tuple[Fault, ...] = PrivateAttr(default=())

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, given: object) -> object:
        if isinstance(given, str):
            return read_compact(given)
        if not isinstance(given, Mapping):
            raise RuleShapeError
        return given

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a rule in one line, such as `reset bulk 3 commit=late:2`; raises RuleError."""
        try:
            return cls.model_validate(text)
        except ValidationError as wrong:
            problem = rule_problem(wrong.errors()[0])
            raise RuleError(problem) from None

    def model_post_init(self, context: object, /) -> None:  # noqa: ARG002 pydantic's shape
        """Make the faults and see whether all goes together; raises RuleError, which pydantic wraps."""
        if not self.fault:
            raise EmptyRuleError
        given = self._given_options()
        possible = {name: options_of(name) for name in self.fault}
        for option in given:
            if not any(option in each for each in possible.values()):
                raise UnfitOptionError(option, self.fault, frozenset().union(*possible.values()))
        self._faults = tuple(
            make_fault(name, {key: value for key, value in given.items() if key in possible[name]})
            for name in self.fault
        )
        self._check()

    def _given_options(self) -> dict[str, object]:
        names = sorted(self.model_fields_set - _OWN_KEYS)
        return {name: getattr(self, name) for name in names}

    def _check(self) -> None:
        chosen_by = [name for name in ("number", "every", "share") if getattr(self, name) is not None]
        if len(chosen_by) > 1:
            raise SelectionError(chosen_by)
        if self.late is not None and not any(each.word == "late" for each in self.commit):
            raise LateWithoutCommitError
        if len({each.falls_on == CONNECTION for each in self._faults}) > 1:
            raise MixedLevelsError
        for each in self._faults:
            self._check_calls(each)
            self._check_commits(each)

    def _check_calls(self, fault: Fault) -> None:
        if not (self.kinds & fault.falls_on):
            raise UnfitCallsError(fault.name, self.counts, fault.falls_on)

    def _check_commits(self, fault: Fault) -> None:
        if not self.commit:
            return
        if not any(writes(kind) for kind in self.kinds & fault.falls_on) and fault.falls_on != CONNECTION:
            raise NoRowsError(fault.name, self.counts)
        if not any(each.word in fault.commits for each in self.commit):
            raise UnfitCommitError(fault.name, fault.commit_reason)

    @cached_property
    def counts(self) -> Calls:
        """What the rule counts; if it doesn't say, the only kind on which its faults can fall, else all calls."""
        if self.calls is not None:
            return self.calls
        kinds = frozenset().union(*(each.falls_on for each in self._faults))
        only = next(iter(kinds)) if len(kinds) == 1 else "any"
        counted: Calls = only  # type: ignore[assignment]  # kinds of calls are Calls
        return counted

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds among which the rule chooses."""
        return KINDS if self.counts == "any" else frozenset({self.counts})

    def chooses(self, number: int, luck: random.Random) -> bool:
        """Whether the call with this number, of those that the rule counts, is one of its."""
        if self.number is not None:
            return number in self.number
        if self.every is not None:
            return number % self.every == 0
        return self.share is None or luck.random() < self.share

    def draw(self, kind: str, luck: random.Random, *, kept: bool) -> tuple[Fault, Commit | None] | None:
        """A fault that can fall on such a call, and when rows are stored (None for calls that store none).

        :param kept: a call was answered on the connection before.
        """
        possible = [each for each in self._faults if kind in each.falls_on and (kept or not each.kept_only)]
        if not possible:
            return None
        fault = luck.choice(possible)
        if not writes(kind):
            return fault, None
        fit = [each for each in self.commit if each.word in fault.commits]
        return fault, luck.choice(fit or [Commit(fault.usual_commit)])

    def __str__(self) -> str:
        """The rule in one line, as `read` takes it."""
        words = [",".join(self.fault), self.counts]
        if self.number is not None:
            words.append(str(self.number))
        facts: dict[str, object] = {"every": self.every, "share": self.share, "times": self.times}
        facts["commit"] = ",".join(map(str, self.commit)) or None
        facts |= self._given_options()
        words += [f"{key}={shlex.quote(_plain(value))}" for key, value in facts.items() if value is not None]
        return " ".join(words)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def rule_problem(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says about a rule."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, RuleError):
        return str(cause)
    keys = [key for key in error["loc"] if isinstance(key, str)]
    if error["type"] == "extra_forbidden":
        return f"there is no key {keys[-1]}{near(keys[-1], Rule.model_fields)}"
    message = error["msg"][:1].lower() + error["msg"][1:].replace("valid tuple", "list")
    return f"{keys[-1]}: {message}" if keys else message
