"""Texts as a workbook writes them: escapes, runs of rich text, readings, white space."""

import re
from typing import Final

from importer.loading.excel.markup import Attributes

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACE: Final = "http://www.w3.org/XML/1998/namespace space"
_XML_SPACE: Final = " \t\r\n"


def unescaped(text: str) -> str:
    """A text without its escapes: `_x000D_` is a carriage return, `_x005F_` an underscore. Half of a surrogate pair
    is no character; U+FFFD stands for it.
    """
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def text_of_run(written: str, *, preserve: bool) -> str:
    """The text of a run. White space at its ends counts only where the workbook says so, as in Excel."""
    return unescaped(written if preserve else written.strip(_XML_SPACE))


class RichText:
    """One text in one or more runs; readings over them (`rPh`) are no part of it."""

    def __init__(self) -> None:
        self._runs: list[str] = []
        self._preserve = False
        self._reading = False

    def begin_run(self, attributes: Attributes) -> None:
        """A `t` begins."""
        self._preserve = attributes.get(_SPACE) == "preserve"

    def end_run(self, pieces: list[str]) -> None:
        """The `t` ends, with the text that stood in it."""
        if not self._reading:
            self._runs.append(text_of_run("".join(pieces), preserve=self._preserve))

    def begin_reading(self) -> None:
        """An `rPh` begins."""
        self._reading = True

    def end_reading(self) -> None:
        """The `rPh` ends."""
        self._reading = False

    def take(self) -> str:
        """The text, which has ended; the next one begins empty."""
        text = "".join(self._runs)
        self._runs.clear()
        return text

    @property
    def length(self) -> int:
        """Characters so far."""
        return sum(map(len, self._runs))
