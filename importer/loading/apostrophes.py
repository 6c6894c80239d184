"""Whether the texts of a CSV file are enclosed by apostrophes. Reading only says so; a draft may go by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from importer.loading.delimiters import most_regular
from importer.loading.framing import frame
from importer.text_files.quote_marks import exchange

APOSTROPHE: Final = "'"

_LOOKED_AT: Final = 1 << 18
"""Bytes: some thousands of rows tell what encloses the texts of all, and a walk line by line is still quick."""

_REMEDY: Final = (
    "If they enclose the texts, say so with --quote-char apostrophe, or quote_char: apostrophe under source in the "
    "mapping."
)


@dataclass(frozen=True, slots=True)
class Apostrophes:
    """What speaks for it that apostrophes enclose texts."""

    misfits: int
    """Records, of those looked at, that have not as many fields as the header, but would have."""
    looked_at: int
    """Records."""
    certain: bool
    """Whether every record has the header's width if they do, so that a draft may go by it."""

    @property
    def evidence(self) -> str:
        """What was seen, as a clause."""
        if not self.misfits:
            return "the names stand in apostrophes, which are read as part of the names and cells"
        some = "one" if self.misfits == 1 else f"{self.misfits:,}"
        have = "has" if self.misfits == 1 else "have"
        return (
            f"{some} of the first {self.looked_at:,} rows {have} as many fields as the header only if apostrophes "
            "enclose texts, but they are read as part of the cells"
        )

    @property
    def doubt(self) -> str:
        """What was seen, and what to do if it is so."""
        return f"{self.evidence}. {_REMEDY}"

    @property
    def reason(self) -> str:
        """Why they are taken to enclose texts, as a remark."""
        if not self.misfits:
            return "the names stand in apostrophes"
        return "only so every row has as many fields as the header"


def apostrophes_in(
    text: bytes, header: Sequence[str], delimiter: str, *, told: bool, whole: bool
) -> Apostrophes | None:
    """The evidence, if there is any: a header all of whose names they enclose, or rows that fit it only so.

    :param text: from the header on.
    :param delimiter: by which the text is read.
    :param told: somebody has named it, so that it would be the same if apostrophes enclosed texts.
    """
    named = len(header) > 1 and all(len(name) > 1 and name[0] == name[-1] == APOSTROPHE for name in header)
    if APOSTROPHE.encode() not in text:
        return None
    final = whole and len(text) <= _LOOKED_AT
    text = text[:_LOOKED_AT]
    misfits, looked_at = _misfits(text, delimiter, final=final)
    if not misfits and not named:
        return None
    swapped = text.translate(exchange(APOSTROPHE))
    left, _ = _misfits(swapped, delimiter if told else most_regular(swapped, whole=final), final=final)
    mended = max(0, misfits - left)
    if not named and mended < left + 1:
        return None
    return Apostrophes(mended, looked_at, certain=left == 0)


def _misfits(text: bytes, delimiter: str, *, final: bool) -> tuple[int, int]:
    """How many records have not as many fields as the first one, of how many."""
    records = frame(text, delimiter, 1, final=final)
    if not len(records.widths):
        return 1, 1
    unfit = records.widths != records.widths[0]
    unfit[list(records.broken)] = True
    written = records.ends > records.starts
    return int((unfit & written).sum()), int(written.sum()) - 1
