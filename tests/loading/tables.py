"""Tables of texts for Hypothesis, and how any program may write them as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

DELIMITERS = (",", ";", "\t", "|")
NEWLINES = ("\n", "\r\n", "\r")

SIGNS = st.characters(codec="utf-8", exclude_characters="\0")
CELLS = st.one_of(
    st.text(SIGNS, max_size=8),
    st.text(st.sampled_from('a0 ",;\t|\r\n\u00a0é😀'), max_size=8),
    st.sampled_from(["", " ", "0419", "NA", "None", "null", "+919845098450", "1E5", '"', '""', "\n", "\r", "\ufeff"]),
)
Table = list[list[str]]


def tables(width: int, cells: st.SearchStrategy[str] = CELLS) -> st.SearchStrategy[Table]:
    """Tables of some rows, all of the same width."""
    return st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6)


@dataclass(frozen=True)
class Style:
    """How a program writes CSV."""

    delimiter: str = ","
    newline: str = "\n"
    quoted: bool = False
    """Every field in quotation marks, or just those that need them."""

    def field(self, text: str) -> str:
        """One field."""
        if self.quoted or any(sign in text for sign in ('"', self.delimiter, "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def record(self, fields: Sequence[str]) -> str:
        """One record with its line end."""
        return self.delimiter.join(map(self.field, fields)) + self.newline

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """All records."""
        return "".join(map(self.record, rows))


STYLES = st.builds(Style, st.sampled_from(DELIMITERS), st.sampled_from(NEWLINES), st.booleans())


def physical_lines(text: str) -> int:
    """How many lines a person counts in a text; the last one need not be ended."""
    return len(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")) if text else 0


def is_blank(fields: Sequence[str]) -> bool:
    """Whether a record is no row."""
    return not any(field.strip() for field in fields)
