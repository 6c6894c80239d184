"""The text of a cell: paragraphs, with white space as OpenDocument writes it (part 3, 6.1.2)."""

import re
from typing import Final

_SPACES: Final = re.compile(r"[ \t\r\n]+")


class Paragraphs:
    """The text of one cell as far as it has been read."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] | None = None
        self._blank = True
        """Whether white space that comes now is none: at the beginning, and behind other white space."""
        self.length = 0
        """Characters, roughly."""

    @property
    def inside(self) -> bool:
        """Whether a paragraph is open."""
        return self._open is not None

    def begin(self) -> None:
        """A paragraph begins."""
        self._open, self._blank = [], True

    def end(self) -> None:
        """The paragraph ends."""
        if self._open is not None:
            text = "".join(self._open)
            self._done.append(text.removesuffix(" ") if self._blank else text)
            self._open = None

    def write(self, text: str) -> None:
        """Characters as they stand in the markup: runs of white space count as one space."""
        if self._open is None or not text:
            return
        text = _SPACES.sub(" ", text)
        if self._blank:
            text = text.removeprefix(" ")
        if text:
            self._put(text)
            self._blank = text.endswith(" ")

    def write_sign(self, text: str) -> None:
        """White space that is meant: spaces, a tab, a line end."""
        if self._open is not None:
            self._put(text)
            self._blank = False

    def _put(self, text: str) -> None:
        assert self._open is not None, "asked before"
        self._open.append(text)
        self.length += len(text)

    def take(self) -> str | None:
        """The text, None if there is no paragraph; the next one begins empty."""
        text = "\n".join(self._done) if self._done else None
        self._done.clear()
        self.length = 0
        return text
