"""Rows in the plain markup that nearly every program writes, read without the parser.

The parser's five calls for each cell would be most of what reading a workbook takes. Here a row is one match and one
search. What is not plain to the last sign is not touched: it is left to the parser, which reads it or refuses it.
"""

import re
from collections.abc import Sequence
from operator import lt
from typing import Final

from importer.loading.excel.limits import COLUMNS
from importer.loading.excel.sheet import TRUE, Look, RawCell, SheetRow, column_of
from importer.loading.excel.texts import text_of_run

ROW_END: Final = "</row>"

_NO_XML: Final = bytes(sorted({*range(32)} - {0x09, 0x0A}))
"""Signs that XML does not have, and the carriage return, which it changes."""

_NO_CHARACTERS: Final = ("\ufffe", "\uffff")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
"""In the order in which they are replaced: the last one must not make new ones."""

_TEXT: Final = "[^<>&]*(?:&(?:lt|gt|quot|apos|amp);[^<>&]*)*"
_FORMULA: Final = (
    '<f(?: t="[a-zA-Z]+")?(?: ref="[A-Z0-9:]+")?(?: si="[0-9]+")?(?: ca="[a-z0-9]+")?(?: aca="[a-z0-9]+")?'
    f"(?:/>|>{_TEXT}</f>)"
)
_CELL: Final = re.compile(
    '<c r="([A-Z]{1,3})([1-9][0-9]*)"((?: [st]="[0-9A-Za-z]*")*)'
    f"(?:/>|>({_FORMULA}(?:<v></v>|<v/>)?)?"
    f'(?:<v>((?!<){_TEXT})</v>|(<is><t(?: xml:space="preserve")?>)({_TEXT})</t></is>)?</c>)'
    "|(.+)",
    re.DOTALL,
)
"""A cell, or else all that is left of the row."""

_ROW: Final = re.compile('<row r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]+="[^<>&"]*")*)>')
_ATTRIBUTE: Final = re.compile(' ([A-Za-z0-9:]+)="([^"]*)"')
_OF_ROW: Final = frozenset(
    ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot")
)
_DESCENT: Final = "x14ac:dyDescent"
"""The one attribute with a prefix that is common; plain only where the prefix has been declared."""

_STYLE_AND_TYPE: Final = re.compile('(?: s="(?P<style>[^"]*)")?(?: t="(?P<type>[^"]+)")?')
_TYPE_AND_STYLE: Final = re.compile(' t="(?P<type>[^"]+)" s="(?P<style>[^"]*)"')
_REMEMBERED: Final = 10_000


def plain_text(markup: bytes) -> str | None:
    """Whole rows of UTF-8 as a text; None if there is a sign in it that XML does not have, or changes."""
    if len(markup.translate(None, _NO_XML)) != len(markup):
        return None
    try:
        text = markup.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isascii() or not any(sign in text for sign in _NO_CHARACTERS) else None


class PlainRows:
    """Reads rows of one sheet, in which names without a prefix are those of spreadsheets."""

    def __init__(self, prefixes: set[str]) -> None:
        """:param prefixes: those that the sheet declares before its first row."""
        self._of_row = _OF_ROW | ({_DESCENT} if "x14ac" in prefixes else frozenset())
        self._hidden: dict[str, bool | None] = {}
        """By the attributes of a row."""
        self._looks = _Looks()
        self._columns = _Columns()

    def read(self, markup: str) -> SheetRow | None:
        """A row whose end tag has been cut off, with its cells that have something in them; None if it is not plain."""
        head = _ROW.match(markup)
        if head is None or (hidden := self._is_hidden(head[2])) is None:
            return None
        number = int(head[1])
        found = _CELL.findall(markup, head.end())
        if not found:
            return SheetRow(number, hidden, [])
        parts: tuple[Sequence[str], ...] = tuple(zip(*found, strict=True))
        letters, numbers, attributes, formulas, values, openings, inline, junk = parts
        looks = [look for look in map(self._looks.__getitem__, attributes) if look]
        columns = self._places(letters)
        if junk[-1] or numbers.count(head[1]) != len(found) or len(looks) != len(found) or not columns:
            return None
        if "&" in markup:
            values, inline = ([*map(_resolved, texts)] for texts in (values, inline))
        contents = _with_inline(values, inline, openings) if any(inline) else values
        if not contents:
            return None
        if any(formulas):
            cells = [*map(_cell, columns, contents, looks, formulas, openings)]
        else:
            cells = [*zip(columns, contents, looks, strict=True)]
        if not all(contents):
            kept = zip(cells, openings, strict=True)  # an empty text is something all the same
            cells = [cell for cell, opening in kept if cell[1] or opening or cell[2][2]]
        return SheetRow(number, hidden, cells)

    def _places(self, letters: Sequence[str]) -> Sequence[int]:
        """The positions of cells from left to right; none at all if they don't stand so, or beyond the last column."""
        columns = [*map(self._columns.__getitem__, letters)]
        return columns if columns[-1] < COLUMNS and all(map(lt, columns, columns[1:])) else ()

    def _is_hidden(self, attributes: str) -> bool | None:
        """Whether a row is hidden; None if an attribute is there twice, or is not known."""
        if attributes in self._hidden:
            return self._hidden[attributes]
        pairs = _ATTRIBUTE.findall(attributes)
        given = dict(pairs)
        plain = len(given) == len(pairs) and self._of_row.issuperset(given)
        hidden = given.get("hidden", "") in TRUE if plain else None
        if len(self._hidden) >= _REMEMBERED:
            self._hidden.clear()
        self._hidden[attributes] = hidden
        return hidden


def _with_inline(values: Sequence[str], inline: Sequence[str], openings: Sequence[str]) -> Sequence[str]:
    """Each value, or the text within the cell; none at all if a text is nothing but white space, which is not the same
    as no text.
    """
    contents = [*values]
    for place, text in enumerate(inline):
        if text:
            contents[place] = text_of_run(text, preserve="preserve" in openings[place])
            if not contents[place]:
                return ()
    return contents


def _cell(column: int, content: str, look: Look, formula: str, opening: str) -> RawCell:
    if not formula:
        return column, content, look
    empty = "" if opening or formula.endswith(("</v>", "<v/>")) else None
    return column, content or empty, (look[0], look[1], True)


def _resolved(text: str) -> str:
    """A text with the characters that its entities stand for."""
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text


class _Looks(dict[str, Look | None]):
    """How cells look by their attributes as they are written; None for what is not plain."""

    def __missing__(self, attributes: str) -> Look | None:
        match = _STYLE_AND_TYPE.fullmatch(attributes) or _TYPE_AND_STYLE.fullmatch(attributes)
        look = None
        if match:
            found = match.groupdict()
            look = found["type"] or "n", found["style"] or "", False
        if len(self) >= _REMEMBERED:
            self.clear()
        self[attributes] = look
        return look


class _Columns(dict[str, int]):
    """Positions of columns by their letters."""

    def __missing__(self, letters: str) -> int:
        position = self[letters] = column_of(letters)
        return position
