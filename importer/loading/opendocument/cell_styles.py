"""Which number format a cell bears, so that it shows what the file says it shows."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from importer.loading.excel.limits import STYLES
from importer.loading.excel.number_formats import GENERAL, number_format
from importer.loading.excel.numerals import number
from importer.loading.excel.serials import Epoch, written_moment
from importer.loading.opendocument.data_styles import StyleReader, exactly

_NUMBER: Final = re.compile(r"-?[0-9]*[.,]?[0-9]*(E[+-]?[0-9]+)?")
_DATE: Final = "yyyy-mm-dd"
_MOMENT: Final = "yyyy-mm-dd hh:mm:ss"
_CLOCK: Final = "hh:mm:ss"
_REMEMBERED: Final = 16_384


class CellStyles:
    """The number formats of a sheet's cells. They grow in number while it is read: one that shows something for which
    Excel has no format bears one of its own.
    """

    def __init__(self, styles: StyleReader) -> None:
        self.codes: list[str] = [GENERAL]
        self._styles = styles
        self._keys = {GENERAL: "0"}
        self.key = lru_cache(_REMEMBERED)(self._key)
        """Number of the format of a cell: by its style, kind, value and what it shows."""

    def _key(self, style: str, kind: str, content: str, shown: str | None) -> str:
        code = self._styles.code_of(style)
        if kind == "n":
            code = self._of_number(code, content, shown)
        elif kind == "d":
            code = self._of_moment(code, content, shown)
        else:
            code = GENERAL
        if code not in self._keys:
            if len(self.codes) == STYLES:
                return "0"
            self._keys[code] = str(len(self.codes))
            self.codes.append(code)
        return self._keys[code]

    @staticmethod
    def _of_number(code: str, content: str, shown: str | None) -> str:
        value = number(content)
        if value is None or shown is None or _shows(code, value) == shown:
            return code
        if code == GENERAL and _NUMBER.fullmatch(shown):
            return code  # in full digits, as in .xlsx, however many the column had room for
        return exactly(value, shown, code)

    @staticmethod
    def _of_moment(code: str, content: str, shown: str | None) -> str:
        written = written_moment(content, Epoch.EARLY_1900)
        if written is None:
            return code
        stored, serial = written
        if code == GENERAL:
            code = _CLOCK if stored.startswith("T") else _DATE if stored.endswith("T00:00:00") else _MOMENT
        if shown is None or _shows(code, serial) == shown:
            return code
        return exactly(serial, shown, code)


def _shows(code: str, value: Decimal) -> str:
    return number_format(code).show(value)[0]
