"""What a cell shows and what it stores, from what the markup says of it."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final, NamedTuple

from importer.blocks import Cell, CellKind
from importer.errors.sources import SourceDamaged
from importer.loading.excel.moment_sections import HASHES, MomentSection
from importer.loading.excel.number_formats import GENERAL, NumberFormat, number_format
from importer.loading.excel.numerals import SIGNIFICANT_DIGITS, has_lost_digits, plain, significant
from importer.loading.excel.quick_moments import quick_moments
from importer.loading.excel.serials import Epoch, written_moment
from importer.loading.excel.shared_strings import EMPTY, SharedStrings
from importer.loading.excel.sheet import Look, RawCell
from importer.loading.excel.texts import unescaped

Showing = str | int
"""What a cell shows: a text, or the number of a shared one."""

ReadCell = tuple[Showing, CellKind, str, int, int, bool]
"""What a cell shows, its kind, what it stores (as blocks.StoredCells says), the number of its format, the characters
that it shows, and whether it is filled: has more in it than white space. A plain tuple, since there are millions of
them."""

BLANK: Final[ReadCell] = (EMPTY, CellKind.TEXT, "", 0, 0, False)

_TRUTHS: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_LONGEST_NUMBER: Final = 400
"""Characters; what is longer is no number, and nothing to remember."""

_REMEMBERED: Final = 2_048
"""So many cells of each look are not read anew: dates, quantities and choices come again and again."""

_LOOKS: Final = 64
"""Looks whose cells are remembered; no honest sheet has many more."""

_STYLES: Final = 1_024
"""Styles that are remembered; what does so needs a few kilobytes each."""

_Read = Callable[[str | None], ReadCell]


class _Style(NamedTuple):
    """How the cells of one style show what they store."""

    number: int
    """Place of its format in CellReader.formats."""
    format: NumberFormat
    general: bool
    """It shows plain numbers as they are written."""
    changes_text: bool
    moments: Callable[[str], tuple[str, str] | None] | None
    """Shows most serial numbers, and says which moments they are."""


class CellReader:
    """Reads the cells of one sheet.

    A number under a format that shows a date or a time of day is a MOMENT, a length of time (`[h]:mm`) a NUMBER. A day
    that there is not is NO_DAY: 29 February 1900, and all before the first and after the last. An ERROR is also what is
    no number where the markup says that it is one. All of them show what Excel shows, or what is written.
    A FORMULA is also one that shows 0 in a workbook whose author leaves the calculating to Excel: libraries that don't
    calculate write that 0.
    """

    def __init__(self, label: str, strings: SharedStrings, codes: Sequence[str], epoch: Epoch, *, recalculated: bool):
        self._label = label
        self._strings = strings
        self._strings_end = len(strings)
        self._codes = codes
        self._epoch = epoch
        self._recalculated = recalculated
        self._styles: dict[str, _Style] = {}
        self._numbers = {GENERAL: 0}
        self._ways = _Ways(self._way)
        self.distrusted = 0
        """Formulas whose value was read although the workbook asks for it to be calculated anew."""

    @property
    def formats(self) -> list[str]:
        """The number formats met so far, by their numbers; number 0 is that of cells that are not there."""
        return list(self._numbers)

    def read(self, cells: Sequence[RawCell]) -> list[ReadCell]:
        """Reads some cells.

        :raises SourceDamaged: one refers to a text or a style that the workbook does not have.
        """
        ways = self._ways
        try:
            return [ways[look](content) for _, content, look in cells]
        except _TooLong:
            return [self._long(cell) for cell in cells]

    def _long(self, cell: RawCell) -> ReadCell:
        _, content, look = cell
        try:
            return self._ways[look](content)
        except _TooLong:
            return _text(content or "", CellKind.ERROR, self._style(look[1]))

    def _way(self, look: Look) -> _Read:
        """How cells of one look are read."""
        kind, key, formula = look
        style = self._styles.get(key) or self._style(key)
        if formula:
            return partial(self._formula, (kind, key, False), style)
        empty: ReadCell = (EMPTY, CellKind.TEXT, "", style.number, 0, False)
        if kind == "s":
            return self._way_of_shared(style, empty)
        if kind == "n":
            return lru_cache(_REMEMBERED)(partial(self._number, style, empty))
        return lambda content: self._other(kind, content, style) if content else empty

    def _formula(self, look: Look, style: _Style, content: str | None) -> ReadCell:
        if content is None or self._recalculated or not content:
            kind = look[0]
            if content is None or (content == "0" and kind == "n") or (not content and kind != "str"):
                return EMPTY, CellKind.FORMULA, "", style.number, 0, True
            self.distrusted += self._recalculated
        return self._ways[look](content)

    def text(self, showing: Showing) -> str:
        """What a cell shows, as a text."""
        return self._strings[showing] if isinstance(showing, int) else showing

    def cell(self, read: ReadCell) -> Cell:
        """A cell as it is kept."""
        showing, kind, stored, number_of_format, _, _ = read
        return Cell(self.text(showing), kind, stored, self.formats[number_of_format])

    def _style(self, key: str) -> _Style:
        place = 0 if not key else int(key) if len(key) < 10 and key.isdecimal() else -1
        if not 0 <= place < len(self._codes):
            raise SourceDamaged(self._label, f'a cell has the style "{key[:20]}", which is not among its styles')
        code = self._codes[place]
        compiled = number_format(code)
        number_of_format = self._numbers.setdefault(code, len(self._numbers))
        section = compiled.cases[0].section if len(compiled.cases) == 1 else None
        moments = quick_moments(section, self._epoch) if isinstance(section, MomentSection) else None
        style = _Style(number_of_format, compiled, code == GENERAL, compiled.text != (None,), moments)
        if len(self._styles) >= _STYLES:
            self._styles.clear()
        self._styles[key] = style
        return style

    def _way_of_shared(self, style: _Style, empty: ReadCell) -> _Read:
        lengths, filled = self._strings.lengths, self._strings.filled

        def read(content: str | None) -> ReadCell:
            if not content:
                return empty
            place = self._place(content)
            return place, CellKind.TEXT, "", style.number, lengths[place], filled[place] == 1

        def changed(content: str | None) -> ReadCell:
            if not content:
                return empty
            return _text(style.format.show_text(self._strings[self._place(content)]), CellKind.TEXT, style)

        return changed if style.changes_text else lru_cache(_REMEMBERED)(read)

    def _place(self, content: str) -> int:
        """The number of a shared text."""
        digits = content.strip() if len(content) <= _LONGEST_NUMBER else ""
        place = int(digits) + 1 if len(digits) < 10 and digits.isdecimal() else EMPTY
        if not EMPTY < place < self._strings_end:
            raise SourceDamaged(self._label, f'a cell refers to the shared text "{content[:20]}", which is not there')
        return place

    def _number(self, style: _Style, empty: ReadCell, content: str | None) -> ReadCell:
        if not content:
            return empty
        if len(content) > _LONGEST_NUMBER:
            raise _TooLong
        short = len(content) <= SIGNIFICANT_DIGITS
        if style.general and short and content.isdecimal() and content.isascii() and content[0] != "0":
            return content, CellKind.NUMBER, content, style.number, len(content), True
        digits = significant(content)
        if digits is None:
            if has_lost_digits(content):
                return content, CellKind.LONG_NUMBER, content.strip(), style.number, len(content), True
            return _text(content, CellKind.ERROR, style)
        quick = style.format.quick
        if quick is not None and (shown := quick(digits)) is not None:
            return shown, CellKind.NUMBER, "0" if digits == "-0" else digits, style.number, len(shown), True
        if style.moments is not None and (both := style.moments(digits)) is not None:
            shown, stored = both
            return shown, CellKind.MOMENT, stored, style.number, len(shown), True
        value = Decimal(digits)
        shown, section = style.format.show(value, self._epoch)
        if isinstance(section, MomentSection) and not section.elapsed:
            stored = "" if shown == HASHES else section.moment(value, self._epoch)
            kind = CellKind.MOMENT if stored else CellKind.NO_DAY
            return shown, kind, stored or plain(value), style.number, len(shown), True
        kind = CellKind.UNSHOWN if shown == HASHES else CellKind.NUMBER
        return shown, kind, plain(value), style.number, len(shown), True

    def _other(self, kind: str, content: str, style: _Style) -> ReadCell:
        if kind in {"str", "inlineStr"}:
            text = unescaped(content) if kind == "str" else content
            return _text(style.format.show_text(text) if style.changes_text else text, CellKind.TEXT, style)
        if kind == "b":
            truth = _TRUTHS.get(content.strip())
            return _text(truth or content, CellKind.TRUTH if truth else CellKind.ERROR, style)
        if kind == "e":
            return _text(content, CellKind.ERROR, style)
        if kind == "d":
            return self._written_moment(content, style)
        raise SourceDamaged(self._label, f'a cell is of the type "{kind[:20]}", which there is not')

    def _written_moment(self, content: str, style: _Style) -> ReadCell:
        """A moment in words of ISO 8601. Under General, Excel would show its serial number; these words say more."""
        written = written_moment(content, self._epoch)
        if written is None:
            return _text(content, CellKind.ERROR, style)
        stored, serial = written
        shown, section = (HASHES, None) if style.general else style.format.show(serial, self._epoch)
        if shown == HASHES:
            shown = content
        elif isinstance(section, MomentSection) and not stored.startswith("T"):
            stored = section.moment(serial, self._epoch) or stored
        return shown, CellKind.MOMENT, stored, style.number, len(shown), True


class _TooLong(Exception):
    """What stands for a number is too long to be one. It is raised because only what is returned is remembered."""


class _Ways(dict[Look, _Read]):
    """How cells are read, by their look."""

    def __init__(self, way: Callable[[Look], _Read]) -> None:
        super().__init__()
        self._way = way

    def __missing__(self, look: Look) -> _Read:
        if len(self) >= _LOOKS:
            self.clear()  # what is remembered of each is no more than so many times a few hundred kilobytes
        way = self[look] = self._way(look)
        return way


def _text(shown: str, kind: CellKind, style: _Style) -> ReadCell:
    """A cell that stores nothing else."""
    return shown, kind, "", style.number, len(shown), kind is not CellKind.TEXT or bool(shown.strip())
