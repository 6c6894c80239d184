"""What the user should know about how a sheet is being read, in sentences."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from importer.blocks import column_letter
from importer.loading.excel.format_tokens import Sign, tokens
from importer.loading.excel.workbook import Sheet, Workbook
from importer.text_files.added_columns import ADDED

_LOCALE: Final = re.compile(r"\[\$[^\]\-]*-([0-9A-Fa-f]{1,8})\]")
"""A number format's own locale, a Windows locale identifier (ECMA-376 part 1, 18.8.31)."""

_LANGUAGE: Final = 0x3FF
_ENGLISH: Final = 0x09
_OF_THE_SYSTEM: Final = (0xF800, 0xF400)

_NAMED: Final = 10
"""So many of a kind are named, the rest is counted."""


def sheet_choice(label: str, workbook: Workbook, chosen: Sheet, *, named: bool) -> list[str]:
    """Which sheet is read, if that could surprise.

    :param named: the user has said which.
    """
    sentences = []
    # In a to-fix file, the sheet that explains the codes is ours and nobody looks for rows there.
    others = [
        f'"{sheet.name}"{" (hidden)" * sheet.hidden}'
        for sheet in workbook.sheets
        if sheet is not chosen and not sheet.name.startswith(ADDED)
    ]
    if others and not named:
        sentences.append(
            f'{label}: the sheet "{chosen.name}" is read; {_listed(others)} {_are(len(others))} not. '
            "Name another one with --sheet."
        )
    if chosen.hidden:
        sentences.append(f'{label}: the sheet "{chosen.name}" is hidden in Excel; it is read all the same.')
    return sentences


def hidden_columns(label: str, hidden: Iterable[range], width: int) -> list[str]:
    """Which of the first `width` columns Excel does not show."""
    positions = sorted({position for columns in hidden for position in columns if position < width})
    if not positions:
        return []
    letters = _listed([column_letter(position) for position in positions])
    return [f"{label}: {_counted(len(positions), 'hidden column')} {_are(len(positions))} read as well: {letters}."]


class HiddenRows:
    """The data rows that Excel does not show."""

    def __init__(self) -> None:
        self._count = 0
        self._stretches: list[tuple[int, int]] = []
        """The first few, first and last row of each."""
        self._last = 0

    def add(self, row: int) -> None:
        """Takes note of a row, further down than those before."""
        self._count += 1
        if self._stretches and self._last == row - 1 == self._stretches[-1][1]:
            self._stretches[-1] = (self._stretches[-1][0], row)
        elif len(self._stretches) < _NAMED:
            self._stretches.append((row, row))
        self._last = row

    def sentences(self, label: str) -> list[str]:
        """Which they are."""
        if not self._count:
            return []
        stretches = [f"{first}" if first == last else f"{first}-{last}" for first, last in self._stretches]
        named = sum(last - first + 1 for first, last in self._stretches)
        more = f" and {self._count - named:,} more" if self._count > named else ""
        rows = f"{', '.join(stretches)}{more}"
        return [f"{label}: {_counted(self._count, 'hidden row')} {_are(self._count)} read as well: {rows}."]


def merges(label: str, count: int, first: str) -> list[str]:
    """That merged cells reach into the rows."""
    if not count:
        return []
    which = first if count == 1 else f"{first} and {count - 1:,} more"
    meaning = "Their value stands in the first cell only; the others are read as empty."
    return [f"{label}: there are merged cells among the rows ({which}). {meaning}"]


def distrusted_formulas(label: str, count: int) -> list[str]:
    """That formulas have values which the workbook itself calls provisional."""
    if not count:
        return []
    what = f"the workbook asks for its formulas to be calculated anew; {_counted(count, 'cell')} of them"
    return [f"{label}: {what} {_are(count)} read with the value stored. To be sure, save it in Excel and run again."]


def foreign_formats(label: str, codes: Iterable[str]) -> list[str]:
    """Which formats Excel shows in another language, calendar or script than they are read in."""
    foreign = [f'"{code}"' for code in codes if _is_foreign(code)]
    if not foreign:
        return []
    what = f"Excel shows the number format {_listed(foreign)} in another language, calendar or script"
    meaning = "As text such cells are read in English; what the mapping reads as a date or a number is not affected."
    return [f"{label}: {what}. {meaning}"]


def _is_foreign(code: str) -> bool:
    for written in _LOCALE.findall(code):
        locale = int(written, 16)
        if locale >> 16:  # numerals or a calendar
            return True
        language = locale & _LANGUAGE
        if locale not in _OF_THE_SYSTEM and language not in (0, _ENGLISH):
            return any(
                token.sign is Sign.CLOCK and len(token.text) > 2 and token.text[0] in "mMdD" for token in tokens(code)
            )
    return False


def no_rows(label: str, count: int) -> list[str]:
    """That there is nothing below the header."""
    return [] if count else [f"{label}: there is a header, but no row below it."]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
