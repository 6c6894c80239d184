"""Whether the first row of a table is a title, not its header. Reading only says so; a draft may go by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ROWS_LOOKED_AT: Final = 25
_LONGEST: Final = 40
"""Characters of a text of somebody else's in a sentence."""


@dataclass(frozen=True, slots=True)
class Title:
    """A row that is taken for the header, but is likely a title above it."""

    word: str
    """What a row is called: line or row."""
    row: int
    text: str
    """What stands in it, in quotation marks, shortened."""
    header_row: int
    """Where the header likely stands."""
    names: str
    """The first of its names, shortened."""
    width: int
    """How many there are."""
    certain: bool
    """Whether what stands there looks like names, so that a draft may go by it."""

    @property
    def doubt(self) -> str:
        """What speaks against the header, and what to do if the other one is meant."""
        return (
            f"{self.word} {self.row} ({self.text}) is taken for the header, but the rows below hold more cells than it "
            f"has names. If the header is {self.word} {self.header_row} ({self.names}), add --header-row "
            f"{self.header_row}, or source.header_row to the mapping."
        )

    @property
    def reason(self) -> str:
        """Why the header is looked for further down, as a remark."""
        return f"{self.word} {self.row} ({self.text}) is a title: it has fewer cells than the rows below it"


def title_in(word: str, rows: Sequence[tuple[int, Sequence[str]]]) -> Title | None:
    """The title, if the first row holds so few texts and a later one so many that it is likely one.

    The likely header is the first row that has (nearly) as many cells with something in them as any.

    :param word: what a row is called: line or row.
    :param rows: the first rows with their numbers; the first of them is taken for the header.
    """
    filled = [(number, [text.strip() for text in texts if text.strip()]) for number, texts in rows]
    most = max((len(texts) for _, texts in filled[1:]), default=0)
    if most < 2 or len(filled[0][1]) * 2 > most:
        return None
    number, names = next((number, texts) for number, texts in filled[1:] if len(texts) * 10 >= most * 8)
    title = ", ".join(f'"{_short(text)}"' for text in filled[0][1])
    listed = ", ".join(map(_short, names[:3])) + (", …" if len(names) > 3 else "")
    return Title(word, filled[0][0], title, number, listed, len(names), _are_names(names))


def _are_names(texts: Sequence[str]) -> bool:
    """Whether these look like a header and not like the first row of a table whose header is too short: no name stands
    twice, and most have no digit.
    """
    wordy = sum(not any(letter.isdigit() for letter in text) for text in texts)
    return len(set(texts)) == len(texts) and wordy * 2 > len(texts)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
