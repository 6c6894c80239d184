"""What a cell shows and what it stores, from what the markup says of it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from importer.errors import SourceDamaged
from importer.loading.excel.moment_sections import HASHES, MomentSection
from importer.loading.excel.number_formats import GENERAL, NumberFormat, number_format
from importer.loading.excel.numerals import SIGNIFICANT_DIGITS, has_lost_digits, number, plain, significant
from importer.loading.excel.serials import Epoch, moment, written_moment
from importer.loading.excel.shared_strings import EMPTY, SharedStrings
from importer.loading.excel.sheet import RawCell
from importer.loading.excel.texts import unescaped
from importer.records import Cell, CellKind

Showing = str | int
"""What a cell shows: a text, or the number of a shared one."""

ReadCell = tuple[Showing, CellKind, str, int]
"""What a cell shows, its kind, what it stores (as records.StoredCells says), and the number of its format. A plain
tuple, since there are millions of them."""

BLANK: Final[ReadCell] = (EMPTY, CellKind.TEXT, "", 0)

_TRUTHS: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_LONGEST_NUMBER: Final = 400
"""Characters; what is longer is no number, and nothing to remember."""

_REMEMBERED: Final = 16_384
"""So many numbers are not formatted anew: dates and quantities come again and again."""


class _Style(NamedTuple):
    """How the cells of one style show what they store."""

    number: int
    """Place of its format in CellReader.formats."""
    format: NumberFormat
    general: bool
    """It shows plain numbers as they are written."""
    changes_text: bool


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
        self._show_number = lru_cache(_REMEMBERED)(self._number)
        self.distrusted = 0
        """Formulas whose value was read although the workbook asks for it to be calculated anew."""

    @property
    def formats(self) -> list[str]:
        """The number formats met so far, by their numbers; number 0 is that of cells that are not there."""
        return list(self._numbers)

    def read(self, raw: RawCell) -> ReadCell:
        """Reads one cell.

        :raises SourceDamaged: it refers to a text or a style that the workbook does not have.
        """
        _, kind, content, key, formula = raw
        style = self._styles.get(key) or self._style(key)
        if formula and (content is None or self._recalculated or not content):
            uncalculated = content is None or (content == "0" and kind == "n") or (not content and kind != "str")
            if uncalculated:
                return EMPTY, CellKind.FORMULA, "", style.number
            self.distrusted += self._recalculated
        if not content:
            return EMPTY, CellKind.TEXT, "", style.number
        if kind == "s":
            return self._shared(content, style)
        if kind == "n" and len(content) <= _LONGEST_NUMBER:
            return (style.general and self._general(content, style)) or self._show_number(key, content)
        return self._other(kind, content, style)

    def text(self, showing: Showing) -> str:
        """What a cell shows, as a text."""
        return self._strings[showing] if isinstance(showing, int) else showing

    def filled(self, cell: ReadCell) -> bool:
        """Whether a cell has more in it than white space."""
        showing, kind, _, _ = cell
        if kind is not CellKind.TEXT:
            return True
        return not self._strings.blank(showing) if isinstance(showing, int) else bool(showing.strip())

    def cell(self, read: ReadCell) -> Cell:
        """A cell as it is kept."""
        showing, kind, stored, number_of_format = read
        return Cell(self.text(showing), kind, stored, self.formats[number_of_format])

    def _style(self, key: str) -> _Style:
        place = 0 if not key else int(key) if len(key) < 10 and key.isdecimal() else -1
        if not 0 <= place < len(self._codes):
            raise SourceDamaged(self._label, f'a cell has the style "{key[:20]}", which is not among its styles')
        code = self._codes[place]
        compiled = number_format(code)
        number_of_format = self._numbers.setdefault(code, len(self._numbers))
        style = _Style(number_of_format, compiled, code == GENERAL, compiled.text != (None,))
        self._styles[key] = style
        return style

    def _shared(self, content: str, style: _Style) -> ReadCell:
        digits = content if content.isdecimal() else content.strip()
        place = int(digits) + 1 if len(digits) < 10 and digits.isdecimal() else EMPTY
        if not EMPTY < place < self._strings_end:
            raise SourceDamaged(self._label, f'a cell refers to the shared text "{content[:20]}", which is not there')
        if style.changes_text:
            return style.format.show_text(self._strings[place]), CellKind.TEXT, "", style.number
        return place, CellKind.TEXT, "", style.number

    def _general(self, content: str, style: _Style) -> ReadCell | None:
        """A number in full digits, which for most are those that are written; None if more is to be done."""
        if len(content) <= SIGNIFICANT_DIGITS and content.isdecimal() and content.isascii() and content[0] != "0":
            return content, CellKind.NUMBER, content, style.number
        digits = significant(content)
        if digits is None or "e" in digits or digits == "-0":
            return None
        return digits, CellKind.NUMBER, digits, style.number

    def _number(self, key: str, content: str) -> ReadCell:
        style = self._styles[key]
        value = number(content)
        if value is None:
            if has_lost_digits(content):
                return content, CellKind.LONG_NUMBER, content.strip(), style.number
            return content, CellKind.ERROR, "", style.number
        shown, section = style.format.show(value, self._epoch)
        if isinstance(section, MomentSection) and not section.elapsed:
            stored = "" if shown == HASHES else moment(value, self._epoch, dated=section.dated)
            kind = CellKind.MOMENT if stored else CellKind.NO_DAY
            return shown, kind, stored or plain(value), style.number
        return shown, CellKind.UNSHOWN if shown == HASHES else CellKind.NUMBER, plain(value), style.number

    def _other(self, kind: str, content: str, style: _Style) -> ReadCell:
        if kind in {"str", "inlineStr"}:
            text = unescaped(content) if kind == "str" else content
            shown = style.format.show_text(text) if style.changes_text else text
            return shown, CellKind.TEXT, "", style.number
        if kind == "b":
            truth = _TRUTHS.get(content.strip())
            return truth or content, CellKind.TRUTH if truth else CellKind.ERROR, "", style.number
        if kind in {"e", "n"}:
            return content, CellKind.ERROR, "", style.number
        if kind == "d":
            return self._written_moment(content, style)
        raise SourceDamaged(self._label, f'a cell is of the type "{kind[:20]}", which there is not')

    def _written_moment(self, content: str, style: _Style) -> ReadCell:
        """A moment in words of ISO 8601. Under General, Excel would show its serial number; these words say more."""
        written = written_moment(content, self._epoch)
        if written is None:
            return content, CellKind.ERROR, "", style.number
        stored, serial = written
        shown = HASHES if style.general else style.format.show(serial, self._epoch)[0]
        return content if shown == HASHES else shown, CellKind.MOMENT, stored, style.number
