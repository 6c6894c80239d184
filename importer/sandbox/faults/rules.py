"""One rule: on which calls which fault falls, and when their rows are stored."""

import random
import shlex
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Self

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
    UnknownKeyError,
)
from importer.sandbox.faults.fault import Fault, Seconds, writes
from importer.sandbox.faults.numbers import Numbers
from importer.sandbox.faults.targets import CONNECTION, kinds_of, paths_of, word_for


def _names(given: object) -> object:
    return tuple(part.strip() for part in given.split(",")) if isinstance(given, str) else given


def _calls(given: object) -> object:
    if isinstance(given, str):
        paths_of(given)
    return given


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
    """A rule of a schedule; all keys that it doesn't name are options of its faults. Raises pydantic's ValidationError.

    `fault`: one name, or several of which one is drawn for each call. `calls`: what is counted. Of the calls counted,
    `number` (3, "3-7", [1, "4-"]), `every` (each N-th) or `share` (0 to 1, drawn) chooses, else all; `times` at most.
    `commit`: before, after, never, late, partly:ROWS, or several of which one is drawn; `late`: seconds of `late`.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    fault: Annotated[tuple[str, ...], BeforeValidator(_names)]
    calls: Annotated[str | None, BeforeValidator(_calls)] = None
    number: Annotated[Numbers | None, BeforeValidator(_numbers)] = None
    every: Annotated[int, Field(ge=1)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    late: Seconds | None = None
    commit: Annotated[tuple[Commit, ...], BeforeValidator(_commits)] = ()

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
        possible = {name: options_of(name) for name in self.fault}
        for key in self._options:
            if not any(key in each for each in possible.values()):
                raise UnknownKeyError(key, self.fault, frozenset().union(*possible.values()), type(self).model_fields)
        self._faults = tuple(
            make_fault(name, {key: value for key, value in self._options.items() if key in possible[name]})
            for name in self.fault
        )
        self._check()

    @property
    def _options(self) -> dict[str, Any]:
        return self.model_extra or {}

    def _check(self) -> None:
        chosen_by = [name for name in ("number", "every", "share") if getattr(self, name) is not None]
        if len(chosen_by) > 1:
            raise SelectionError(chosen_by)
        if self.late is not None and not any(each.word == "late" for each in self.commit):
            raise LateWithoutCommitError
        if len({each.falls_on == CONNECTION for each in self._faults}) > 1:
            raise MixedLevelsError
        for each in self._faults:
            if not (self.kinds & each.falls_on):
                raise UnfitCallsError(each.name, self.counts, each.falls_on)
            if self.commit:
                self._check_commits(each)

    def _check_commits(self, fault: Fault) -> None:
        if not any(writes(kind) for kind in self.kinds & fault.falls_on) and fault.falls_on != CONNECTION:
            raise NoRowsError(fault.name, self.counts)
        if not any(each.word in fault.commits for each in self.commit):
            raise UnfitCommitError(fault.name, fault.commits)

    @cached_property
    def counts(self) -> str:
        """What the rule counts; if it doesn't say, the calls on which its faults can fall."""
        return self.calls or word_for(frozenset().union(*(each.falls_on for each in self._faults)))

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of the calls that the rule counts."""
        return paths_of(self.counts)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of these calls."""
        return kinds_of(self.paths)

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
        facts |= self._options
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
    message = error["msg"][:1].lower() + error["msg"][1:].replace("valid tuple", "list")
    return f"{keys[-1]}: {message}" if keys else message
