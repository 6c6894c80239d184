"""What can be wrong with a rule; each class builds its sentence from facts.

    RuleError                       what a rule says can't be followed
    ├── RuleShapeError              neither a mapping nor a text
    ├── EmptyRuleError              names no fault
    ├── RuleTextError               a word of a text that says nothing
    ├── RuleQuotesError             a text with an open quote
    ├── DoubledKeyError             a text that says something twice
    ├── UnknownFaultError           no fault has this name
    ├── UnknownKeyError             neither a rule nor its faults have this key
    ├── OptionValueError            the fault can't work with the option's value
    ├── UnknownCallsError           no calls have this name
    ├── UnfitCallsError             the fault can't fall on these calls
    ├── MixedLevelsError            connections and calls in one rule
    ├── SelectionError              more than one of number, every and share
    ├── NumberError, LastCallError  not a number, list or range
    ├── CommitError                 not a moment at which rows are stored
    ├── UnfitCommitError            with this fault rows can't be stored then
    ├── NoRowsError                 such calls store nothing
    └── LateWithoutCommitError      seconds for a late commit that isn't asked for

All of them are values that are wrong, so pydantic says where in a file they stand.
"""

from collections.abc import Iterable
from difflib import get_close_matches


def near(word: str, known: Iterable[str]) -> str:
    """The known word that may be meant, as the end of a sentence; empty if none is near."""
    found = get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


class RuleError(ValueError):
    """A rule that can't be followed; `key` is what is wrong in it, if it is one key."""

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


class UnknownFaultError(RuleError):
    """No fault has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no fault {name!r}{near(name, known)}", "fault")


class NumberError(RuleError):
    """Neither a number from 1, nor a list of them, nor a range."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{given!r} is not a number of calls; write 3, 3-7, 3- or a list, counted from 1", "number")


class LastCallError(RuleError):
    """Which call is the last one is only known afterwards."""

    def __init__(self) -> None:
        super().__init__("which call is the last one can't be known beforehand; give its number", "number")


class CommitError(RuleError):
    """Not a moment at which rows are stored."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{given!r} is not before, after, never, late:SECONDS or partly:ROWS", "commit")


class UnfitCommitError(RuleError):
    """With this fault rows can't be stored then."""

    def __init__(self, fault: str, possible: Iterable[str]) -> None:
        super().__init__(f"with {fault}, rows can only be stored: {', '.join(sorted(possible))}", "commit")


class UnknownCallsError(RuleError):
    """No calls have this name."""

    def __init__(self, given: str, known: Iterable[str]) -> None:
        super().__init__(f"there are no calls {given!r}{near(given, known)}", "calls")


class UnfitCallsError(RuleError):
    """The fault can't fall on these calls."""

    def __init__(self, fault: str, calls: str, possible: Iterable[str]) -> None:
        super().__init__(f"{fault} can't fall on {calls}, only on {', '.join(sorted(possible))}", "calls")


class UnknownKeyError(RuleError):
    """Neither a rule nor its faults have this key."""

    def __init__(self, key: str, faults: Iterable[str], options: Iterable[str], keys: Iterable[str]) -> None:
        hint = near(key, [*options, *keys]) or f"; its options: {', '.join(sorted(options)) or 'none'}"
        super().__init__(f"{', '.join(faults)} has no option {key}{hint}", key)


class OptionValueError(RuleError):
    """An option's value that the fault can't work with."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message[:1].lower()}{message[1:]}", option)


class MixedLevelsError(RuleError):
    """Faults of connections and faults of calls are counted apart."""

    def __init__(self) -> None:
        super().__init__("faults of connections and faults of calls need rules of their own", "fault")


class SelectionError(RuleError):
    """More than one way to choose the calls."""

    def __init__(self, given: Iterable[str]) -> None:
        super().__init__(f"{' and '.join(given)} exclude each other")


class LateWithoutCommitError(RuleError):
    """Seconds for a late commit where nothing is committed late."""

    def __init__(self) -> None:
        super().__init__("late goes with commit: late", "late")


class RuleTextError(RuleError):
    """A word of a compact rule that says nothing."""

    def __init__(self, word: str, calls: Iterable[str]) -> None:
        super().__init__(f"{word!r} is neither calls (bulk, …) nor a number nor KEY=VALUE{near(word, calls)}")


class RuleQuotesError(RuleError):
    """A quote that isn't closed."""

    def __init__(self) -> None:
        super().__init__("a quote is not closed")


class EmptyRuleError(RuleError):
    """A rule that names no fault."""

    def __init__(self) -> None:
        super().__init__("a rule begins with the name of a fault")


class RuleShapeError(RuleError):
    """Something that is neither a mapping nor a text."""

    def __init__(self) -> None:
        super().__init__("a rule is a mapping, or a text such as 'reset bulk 3 commit=late:2'")


class NoRowsError(RuleError):
    """A moment of storing for calls that store nothing."""

    def __init__(self, fault: str, calls: str) -> None:
        super().__init__(f"{fault} on {calls}: such calls store no rows, so there is nothing to commit", "commit")


class DoubledKeyError(RuleError):
    """A key that stands twice in a compact rule."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is given twice", key)
