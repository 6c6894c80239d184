"""The data styles of OpenDocument (part 3, 16.29) as number formats of Excel, so that a file to correct can have them.

What can't be said in such a format is left out; the cells show what the file says they show, and where a format would
show something else, they bear one that shows just that (see `exactly`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from importer.errors.sources import SourceTooLarge
from importer.loading.excel.limits import FORMAT, STYLES
from importer.loading.excel.markup import Attributes, Listener
from importer.loading.excel.number_formats import GENERAL
from importer.loading.opendocument.vocabulary import count, short, shortened

KINDS: Final = frozenset(
    f"number:{kind}-style" for kind in ("number", "percentage", "currency", "date", "time", "boolean", "text")
)
_LONGEST: Final = 255
"""Characters of a number format in Excel."""

_DIGITS: Final = 30
"""Digits that a format may ask for."""

_PLAIN: Final = frozenset("/-: ")
"""What separates the parts of a date or time needs no quotation marks."""

_CLOCK: Final = {
    "number:day": ("d", "dd"),
    "number:year": ("yy", "yyyy"),
    "number:hours": ("h", "hh"),
    "number:minutes": ("m", "mm"),
    "number:seconds": ("s", "ss"),
    "number:day-of-week": ("ddd", "dddd"),
}
"""The short and the long form."""


class StyleReader(Listener):
    """The styles of cells and tables as far as they have been read, from one part or several."""

    def __init__(self, label: str, part: str) -> None:
        super().__init__(label, part)
        self.codes: dict[str, str] = {}
        """Name of a data style -> number format."""
        self.of_cells: dict[str, tuple[str, str]] = {}
        """Name of a cell's style -> its data style and its parent."""
        self.hidden_tables: set[str] = set()
        """Names of the styles of tables that are not shown."""
        self._code: list[str] | None = None
        self._name = ""
        self._elapsed = self._percent = False
        self._style = ""
        self._literal = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        super().start(name, attributes)
        element = short(name)
        if element in KINDS:
            given = shortened(attributes)
            self._name, self._code = given.get("style:name", ""), []
            self._percent = element == "number:percentage-style"
            self._elapsed = given.get("number:truncate-on-overflow") == "false"
        elif self._code is not None and element.startswith("number:"):
            self._part(element, attributes)
        elif element == "style:style":
            self._begin_style(attributes)
        elif element == "style:table-properties" and shortened(attributes).get("table:display") == "false":
            self.hidden_tables.add(self._style)

    def end(self, name: str) -> None:
        """An element ends."""
        super().end(name)
        element = short(name)
        if self._literal and element in {"number:text", "number:currency-symbol"}:
            self._literal = False
            # A percent sign counts in formats of percentages, and stands for itself in others.
            parts = "".join(self.pieces).split("%") if self._percent else ["".join(self.pieces)]
            self._append("%".join(map(quoted, parts)))
        elif element in KINDS and self._code is not None:
            code = "".join(self._code)
            self.codes[self._name] = code if code and len(code) <= _LONGEST else GENERAL
            self._code = None
        self.pieces.clear()

    def code_of(self, style: str) -> str:
        """The number format of the cells of a style; General for those that say nothing."""
        for _ in range(10):
            data_style, parent = self.of_cells.get(style, ("", ""))
            if data_style or not parent:
                return self.codes.get(data_style, GENERAL)
            style = parent
        return GENERAL

    def _begin_style(self, attributes: Attributes) -> None:
        given = shortened(attributes)
        self._style = given.get("style:name", "")
        if given.get("style:family") == "table-cell":
            self.of_cells[self._style] = (
                given.get("style:data-style-name", ""),
                given.get("style:parent-style-name", ""),
            )
        if len(self.of_cells) + len(self.codes) > STYLES:
            raise SourceTooLarge(self.label, f"it has more than {STYLES:,} styles", f"{STYLES:,} styles")

    def _append(self, text: str) -> None:
        if self._code is not None and len(self._code) < FORMAT:
            self._code.append(text)

    def _part(self, element: str, attributes: Attributes) -> None:
        given = shortened(attributes)
        if element in {"number:text", "number:currency-symbol"}:
            self._literal = True
        elif element in {"number:number", "number:scientific-number"}:
            self._append(_digits(given))
            if element == "number:scientific-number":
                self._append("E+" + "0" * min(count(given.get("number:min-exponent-digits"), 2), _DIGITS))
        elif element == "number:month":
            size = 2 if given.get("number:style") == "long" else 1
            self._append("m" * (size + 2 * (given.get("number:textual") == "true")))
        elif element == "number:am-pm":
            self._append("AM/PM")
        elif element == "number:text-content":
            self._append("@")
        elif element in _CLOCK:
            letters = _CLOCK[element][given.get("number:style") == "long"]
            if element == "number:hours" and self._elapsed:
                letters = f"[{letters}]"
            if element == "number:seconds":
                decimals = min(count(given.get("number:decimal-places"), 0), 3)
                letters += "." + "0" * decimals if decimals else ""
            self._append(letters)


def _digits(given: Mapping[str, str]) -> str:
    whole = min(count(given.get("number:min-integer-digits"), 0), _DIGITS)
    decimals = min(count(given.get("number:decimal-places"), 0), _DIGITS)
    least = min(count(given.get("number:min-decimal-places"), decimals), decimals)
    if "number:decimal-places" not in given and whole <= 1:
        return GENERAL
    pattern = "0" * whole or "#"
    if given.get("number:grouping") == "true":
        padded = pattern.rjust(4, "#")
        pattern = padded[:-3] + "," + padded[-3:]
    return pattern + ("." + "0" * least + "#" * (decimals - least) if decimals else "")


def quoted(text: str) -> str:
    """A text that stands for itself in a number format."""
    if _PLAIN.issuperset(text):
        return text
    return '\\"'.join(f'"{part}"' if part else "" for part in text.split('"'))


def exactly(value: Decimal, shown: str, code: str) -> str:
    """A number format that shows just this text for just this number, and `code` for any that is typed over it."""
    written = f"[={value:f}]{quoted(shown)};{code.partition(';')[0]}"
    return written if len(written) <= _LONGEST else code
