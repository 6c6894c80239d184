"""JSON built for a whole column of rows at once.

A fragment is not a text but the pieces of one, kept apart until the whole is put together: so every byte is copied
once, however deep in the whole it stands.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Flags, Texts
from importer.mapping.texts import bytes_of, only_where

Piece: TypeAlias = str | Texts
"""The same for every row, or one text per row; never null."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """JSON text of some rows, in pieces that follow each other."""

    pieces: tuple[Piece, ...]
    present: Flags | None = None
    """Rows that have it; in the others it is left out, with its key. None: all of them."""

    def within(self, opening: str, closing: str = "") -> "Fragment":
        """The fragment between two fixed texts."""
        return Fragment((opening, *self.pieces, closing), self.present)

    def written(self, rows: int) -> Texts:
        """The text of each row; "" in rows that don't have it."""
        merged = _merged(self.pieces)
        if all(isinstance(piece, str) for piece in merged):
            whole = pa.repeat(scalar("".join(map(str, merged))), rows)
        else:
            pieces = [scalar(piece) if isinstance(piece, str) else piece for piece in merged]
            whole = pc.binary_join_element_wise(*pieces, scalar(""))
        return whole if self.present is None else pc.if_else(pa.array(self.present), whole, "")


def scalar(text: str) -> pa.Scalar:
    """A text that is the same for every row, in the type that Arrow joins with others."""
    return pa.scalar(text, pa.large_string())


def fixed(text: str) -> Fragment:
    """JSON that is the same for every row."""
    return Fragment((text,))


def quoted_text(text: str) -> str:
    """One text as a JSON string."""
    return json.dumps(text, ensure_ascii=False)


def quoted(texts: Texts) -> Fragment:
    """Each text as a JSON string; a null is a part that the row does not have."""
    present = texts.is_valid().to_numpy(zero_copy_only=False) if texts.null_count else None
    if _has_to_be_escaped(texts):
        distinct = texts.dictionary_encode()
        escaped = [quoted_text(text)[1:-1] for text in distinct.dictionary.to_pylist()]
        texts = pa.array(escaped, pa.large_string()).take(distinct.indices)
    return Fragment(('"', texts if present is None else pc.fill_null(texts, ""), '"'), present)


def _has_to_be_escaped(texts: Texts) -> bool:
    offsets, codes = bytes_of(texts)
    used = codes[offsets[0] : offsets[-1]] if len(texts) else codes[:0]
    written = used.tobytes()
    return bool(len(used)) and (bool(used.min() < 0x20) or b'"' in written or b"\\" in written)


def joined(fragments: Sequence[Fragment], opening: str, closing: str, rows: int) -> Fragment:
    """The fragments that a row has, separated by commas, in brackets or braces."""
    always = next((place for place, fragment in enumerate(fragments) if fragment.present is None), None)
    if always is None:
        inner = _joined_where_present(fragments, rows)
        return Fragment((opening, *([inner] if fragments else []), closing))
    pieces: list[Piece] = [opening]
    for place, fragment in enumerate(fragments):
        # Beside one that every row has, each of the others brings its own comma.
        before, after = ("", ",") if place < always else ("," if place > always else "", "")
        with_comma = fragment.within(before, after)
        pieces += with_comma.pieces if fragment.present is None else (with_comma.written(rows),)
    return Fragment((*pieces, closing))


def _joined_where_present(fragments: Sequence[Fragment], rows: int) -> Piece:
    """Members of which no row must have any. Arrow's join drops rows that have none; there, one is empty."""
    if not fragments:
        return ""
    some = any_present(fragments)
    texts = [
        only_where(_flags(fragment) | (~some if place == 0 else False), fragment.written(rows))
        for place, fragment in enumerate(fragments)
    ]
    return pc.binary_join_element_wise(*texts, scalar(","), null_handling="skip")


def any_present(fragments: Sequence[Fragment]) -> Flags:
    """Rows that have at least one of the fragments, none of which all rows have."""
    flags: Flags = np.logical_or.reduce([_flags(fragment) for fragment in fragments])
    return flags


def _flags(fragment: Fragment) -> Flags:
    assert fragment.present is not None, "only asked where some rows don't have it"
    return fragment.present


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours that are the same for every row become one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif not isinstance(piece, str) or piece:
            merged.append(piece)
    return merged
