"""Which marks a number that can't be read may be written with, and what each of them would make of it.

A wrong mark makes an amount a thousand times too small, and it is posted without a word. So no mark is named for a cell
but one that reads it, and where two do, both are named with what comes out.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from importer.codes.rows import EXPLANATIONS, Code
from importer.records import Issue

Marks: TypeAlias = tuple[str, str]
"""Between thousands, and before decimals."""

USUAL: Final[tuple[Marks, ...]] = ((",", "."), (".", ","), (" ", "."), (" ", ","), ("'", "."), ("\u2019", "."))
_DIGITS: Final = str.maketrans("23456789", "11111111")
"""Which digits they are does not matter, but for nought: a million different numbers have a few shapes."""
_BLANKS: Final = str.maketrans("\u00a0\u2009\u202f", "   ")


def remedy_of(issue: Issue) -> str:
    """What to do about one issue."""
    usual, marks = EXPLANATIONS[issue.code].remedy, marks_of_issue(issue)
    return remedy_of_all(usual, [(issue.value.strip(), marks)]) if marks else usual


def marks_of_issue(issue: Issue) -> tuple[Marks, ...] | None:
    """The marks by which its cell would be a number; None if it is about something else."""
    if issue.code not in (Code.INTEGER_UNREADABLE, Code.DECIMAL_UNREADABLE) or issue.general:
        return None  # with a general message, Excel stores a number there: no mark is in its way
    return marks_of(issue.value.strip(), whole=issue.code == Code.INTEGER_UNREADABLE)


def marks_of(text: str, *, whole: bool) -> tuple[Marks, ...]:
    """The marks by which this is a number, or a whole one."""
    return _marks_of_shape(text.translate(_DIGITS), whole=whole)


@lru_cache(maxsize=4096)
def _marks_of_shape(text: str, *, whole: bool) -> tuple[Marks, ...]:
    return tuple(marks for marks in USUAL if _reads(text.translate(_BLANKS), *marks, whole=whole))


def _reads(text: str, thousands: str, decimal: str, *, whole: bool) -> bool:
    # As the numbers of a mapping are read: in 0,123 the mark stands before decimals, whatever its name.
    group = rf"([1-9][0-9]{{0,2}}|0[0-9]{{2}})({re.escape(thousands)}[0-9]{{2,3}})*{re.escape(thousands)}[0-9]{{3}}"
    decimals = "" if whole else rf"({re.escape(decimal)}[0-9]+)?"
    return re.fullmatch(rf"[+-]?([0-9]+|{group}){decimals}", text) is not None


def remedy_of_all(usual: str, readable: Sequence[tuple[str, tuple[Marks, ...]]]) -> str:
    """What to do about cells of one column.

    :param usual: what is said where no mark helps.
    :param readable: the cells that can be read by some marks, with these.
    """
    if not readable:
        return usual
    common = [marks for marks in USUAL if all(marks in each for _, each in readable)]
    if not common:
        return "These cells are written with different marks. Write all of them in one way in the file."
    if len(common) == 1:
        return _NAMED[common[0]]
    example = min((text for text, _ in readable), key=len)
    results = {posted(example, marks): marks for marks in reversed(common)}
    if len(results) == 1:
        return _NAMED[common[0]]
    ways = ", or ".join(f"{written(marks)}, which makes {result} of it" for result, marks in reversed(results.items()))
    return f"{example} can be two numbers. Look which one is meant, and name the marks: {ways}."


def posted(text: str, marks: Marks) -> str:
    """What is posted for a number by these marks."""
    thousands, decimal = marks
    return text.translate(_BLANKS).removeprefix("+").replace(thousands, "").replace(decimal, ".")


def written(marks: Marks) -> str:
    """As it stands in a mapping."""
    thousands, decimal = marks
    return f'number: {{thousands: "{thousands}", decimal: "{decimal}"}}'


_NAMED: Final = {marks: f"Name its marks in the mapping, by which it is a number: {written(marks)}." for marks in USUAL}
