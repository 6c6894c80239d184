"""Whether the first row of a table is a title and not its header. It is never decided, only said."""

from collections.abc import Sequence
from typing import Final

ROWS_LOOKED_AT: Final = 25
_LONGEST: Final = 40
"""Characters of a text of somebody else's in a sentence."""


def doubt_of_header(word: str, rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    """A sentence, if the first row holds so few texts and a later one so many that it is likely a title; else "".

    The likely header is the first row that has (nearly) as many cells with something in them as any.

    :param word: what a row is called: line or row.
    :param rows: the first rows with their numbers; the first of them is taken for the header.
    """
    filled = [(number, [text.strip() for text in texts if text.strip()]) for number, texts in rows]
    most = max((len(texts) for _, texts in filled[1:]), default=0)
    if most < 2 or len(filled[0][1]) * 2 > most:
        return ""
    number, names = next((number, texts) for number, texts in filled[1:] if len(texts) * 10 >= most * 8)
    title = ", ".join(f'"{_short(text)}"' for text in filled[0][1])
    listed = ", ".join(map(_short, names[:3])) + (", …" if len(names) > 3 else "")
    return (
        f"{word} {filled[0][0]} ({title}) is taken for the header, but the rows below hold more cells than it has "
        f"names. If the header is {word} {number} ({listed}), add --header-row {number}, or source.header_row to the "
        "mapping."
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
