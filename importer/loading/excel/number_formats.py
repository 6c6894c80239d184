"""Number formats compiled: what a cell shows for the number or the text that it stores.

A format has up to four sections: for numbers above, below and at zero, and for texts; or sections with conditions.
No library that is maintained does this. Signs follow ECMA-376 part 1, 18.8.31, and where that is silent, Excel:
`_x` is shown as one space and `*x` as nothing, as TEXT() and "Save as CSV" do.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Protocol

from importer.loading.excel.digit_sections import DigitSection, digit_section
from importer.loading.excel.format_tokens import Sign, Token, sections
from importer.loading.excel.fraction_sections import fraction_section
from importer.loading.excel.moment_sections import HASHES, moment_section
from importer.loading.excel.numerals import plain
from importer.loading.excel.quick_digits import quick_digits
from importer.loading.excel.serials import Epoch

GENERAL: Final = "General"

_COMPARISONS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


class Section(Protocol):
    """One section of a format, compiled."""

    def show(self, value: Decimal, epoch: Epoch) -> tuple[str, bool]:
        """The text for a number without its sign, and whether a minus would be shown before it."""


@dataclass(frozen=True, slots=True)
class GeneralSection:
    """`General`, with texts around it: a number in full digits. (Excel cuts it to the width of the column.)"""

    before: str = ""
    behind: str = ""

    def show(self, value: Decimal, epoch: Epoch) -> tuple[str, bool]:  # noqa: ARG002  # one signature for all sections
        """The text for a number without its sign."""
        return self.before + plain(value.copy_abs()) + self.behind, True


@dataclass(frozen=True, slots=True)
class Condition:
    """Which numbers a section is for."""

    comparison: str
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether a number is one of them."""
        return _COMPARISONS[self.comparison](value, self.limit)

    @property
    def negative_only(self) -> bool:
        """Whether all of them are below zero, so that the section itself says what stands for the minus."""
        if self.comparison == "<":
            return self.limit <= 0
        return self.comparison in {"<=", "="} and self.limit < 0


@dataclass(frozen=True, slots=True)
class Case:
    """A section and the numbers it is for."""

    section: Section
    condition: Condition | None
    minus: bool
    """A minus is put before a negative number."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A compiled number format."""

    cases: tuple[Case, ...]
    """The first one whose condition holds counts."""
    text: tuple[str | None, ...]
    """What is shown for a text: None stands for the text itself."""
    quick: Callable[[str], str | None] | None = None
    """Shows the digits of a number, as `numerals.significant` gives them, as `show` would; None for some of them."""

    def show(self, value: Decimal, epoch: Epoch = Epoch.EARLY_1900) -> tuple[str, Section | None]:
        """What a cell shows for a number, and the section that says so; None if the format has none for the number."""
        for case in self.cases:
            if case.condition is None or case.condition.holds(value):
                text, minus = case.section.show(value, epoch)
                return f"-{text}" if minus and case.minus and value < 0 else text, case.section
        return HASHES, None

    def show_text(self, text: str) -> str:
        """What a cell shows for a text."""
        return "".join(text if part is None else part for part in self.text)


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """Compiles a format. A section that no program could show counts as General."""
    parts = sections(code)
    text: Sequence[Token] | None = None
    if len(parts) > 3:
        text, parts = parts[3], parts[:3]
    elif any(token.sign is Sign.TEXT for token in parts[-1]):
        text = parts.pop()
    conditions = [_condition(part) for part in parts]
    compiled = [_section(part) for part in parts]
    cases = _conditional(compiled, conditions) if any(conditions) else _by_sign(compiled)
    return NumberFormat(tuple(cases), _text(text), _quick(cases))


def _quick(cases: Sequence[Case]) -> Callable[[str], str | None] | None:
    """For a format that is the same for all numbers."""
    first = cases[0]
    if first.condition is not None or not first.minus:
        return None
    if isinstance(first.section, DigitSection):
        return quick_digits(first.section)
    if first.section == GeneralSection():
        return _in_full
    return None


def _in_full(digits: str) -> str | None:
    return None if "e" in digits or digits == "-0" else digits


def _text(tokens: Sequence[Token] | None) -> tuple[str | None, ...]:
    if tokens is None:
        return (None,)
    return tuple(
        None if token.sign is Sign.TEXT else token.text for token in tokens if token.sign is not Sign.CONDITION
    )


def _by_sign(compiled: Sequence[Section]) -> list[Case]:
    below, above = Condition("<", Decimal(0)), Condition(">", Decimal(0))
    if not compiled:
        return [Case(GeneralSection(), None, minus=True)]
    if len(compiled) == 1:
        return [Case(compiled[0], None, minus=True)]
    if len(compiled) == 2:
        return [Case(compiled[1], below, minus=False), Case(compiled[0], None, minus=False)]
    return [
        Case(compiled[0], above, minus=False),
        Case(compiled[1], below, minus=False),
        Case(compiled[2], None, minus=False),
    ]


def _conditional(compiled: Sequence[Section], conditions: Sequence[Condition | None]) -> list[Case]:
    """Sections with conditions: the first without one is for numbers above zero, the last without one for the rest.

    Which of them show a minus by themselves is written nowhere; this is what Excel does.
    """
    first = conditions[0] or Condition(">", Decimal(0))
    cases = [Case(compiled[0], first, minus=not first.negative_only)]
    if len(compiled) < 3:
        rest = compiled[1] if len(compiled) == 2 else GeneralSection()
        second = conditions[1] if len(compiled) == 2 else None
        minus = first.comparison == "=" or (first.comparison in {">", ">="} and first.limit >= 0)
        return [*cases, Case(rest, second, minus=not second.negative_only if second else minus)]
    second = conditions[1] or Condition("<", Decimal(0))
    return [
        *cases,
        Case(compiled[1], second, minus=not second.negative_only),
        Case(compiled[2], conditions[2], minus=True),
    ]


def _condition(tokens: Sequence[Token]) -> Condition | None:
    for token in tokens:
        if token.sign is Sign.CONDITION:
            written = token.text.strip()
            comparison = written[:2] if written[:2] in _COMPARISONS else written[:1]
            try:
                return Condition(comparison, Decimal(written[len(comparison) :].strip()))
            except ArithmeticError:
                return None
    return None


def _section(written: Sequence[Token]) -> Section:
    tokens = [token for token in written if token.sign is not Sign.CONDITION]
    signs = {token.sign for token in tokens}
    if _of_time(tokens):
        return moment_section(tokens) or GeneralSection()
    if Sign.TEXT in signs:
        return GeneralSection()
    if Sign.GENERAL in signs:
        return _general(tokens)
    fraction = fraction_section(tokens) if Sign.SLASH in signs else None
    return fraction or digit_section(tokens)


def _of_time(tokens: Sequence[Token]) -> bool:
    """Whether a section shows dates or times. The East-Asian letters do so only where there are no digits to show."""
    if any(token.sign in {Sign.ELAPSED, Sign.HALF_DAY} for token in tokens):
        return True
    letters = {token.text[0].lower() for token in tokens if token.sign is Sign.CLOCK}
    digits = any(token.sign is Sign.DIGIT for token in tokens)
    return bool(letters & set("ymdhs")) or (bool(letters) and not digits)


def _general(tokens: Sequence[Token]) -> Section:
    if any(token.sign is Sign.DIGIT for token in tokens):
        return GeneralSection()
    place = next(place for place, token in enumerate(tokens) if token.sign is Sign.GENERAL)
    return GeneralSection(
        "".join(token.text for token in tokens[:place]),
        "".join(token.text for token in tokens[place + 1 :]),
    )
