"""The lines of a draft: remarks in one column beside them, and each UNDECIDED with what is to be decided."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Final

WIDTH: Final = 112
"""Characters of a line of remarks."""

_REMARKS: Final = 40
"""Where remarks beside lines begin; beside longer lines they begin behind them."""


_SECTION: Final = re.compile("[a-z]+:")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without the remark beside it."""

    text: str
    remark: str = ""
    question: str = ""
    """What is to be decided here, in a few words."""


@dataclass(slots=True)
class Paper:
    """Lines that are being written."""

    lines: list[Line] = field(default_factory=list)

    def put(self, indent: int, text: str, remark: str = "", question: str = "") -> None:
        """A line, with a remark beside it if there is something to say."""
        self.lines.append(Line(" " * indent + text, remark, question))

    def offer(self, indent: int, text: str, remark: str = "") -> None:
        """A line that is switched off: taking `# ` away switches it on."""
        self.put(indent, f"# {text}", remark)

    def say(self, indent: int, *sentences: str) -> None:
        """A paragraph of remarks, broken into lines."""
        for line in wrap(" ".join(sentences), WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False):
            self.put(indent, f"# {line}")

    def gap(self) -> None:
        """An empty line, but never two, and none below the name of a section."""
        if self.lines and self.lines[-1].text and not _SECTION.fullmatch(self.lines[-1].text):
            self.lines.append(Line(""))

    def written(self) -> Iterator[str]:
        """The lines as they stand in the file."""
        for line in self.lines:
            yield f"{line.text:<{_REMARKS - 2}}  # {line.remark}" if line.remark else line.text
