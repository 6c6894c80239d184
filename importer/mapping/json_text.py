"""JSON built for a whole column of rows at once; every function takes and gives Arrow arrays of texts.

A null is a part that the row does not have: it is left out, with its key.
"""

import json
from collections.abc import Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from importer.records import Texts

Fragment: TypeAlias = str | Texts
"""JSON text: the same for every row, or one per row."""


def scalar(text: str) -> pa.Scalar:
    """A text that is the same for every row, in the type that Arrow joins with others."""
    return pa.scalar(text, pa.large_string())


def quoted(texts: Texts) -> Texts:
    """Each text as a JSON string."""
    if pc.any(pc.match_substring_regex(texts, r'["\\\x00-\x1f]')).as_py():
        distinct = texts.dictionary_encode()
        escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in distinct.dictionary.to_pylist()]
        texts = pa.array(escaped, pa.large_string()).take(distinct.indices)
    return pc.binary_join_element_wise(scalar('"'), texts, scalar('"'), scalar(""))


def prefixed(prefix: str, texts: Texts, suffix: str = "") -> Texts:
    """Each text between two fixed ones."""
    return pc.binary_join_element_wise(scalar(prefix), texts, scalar(suffix), scalar(""))


def joined(fragments: Sequence[Fragment], opening: str, closing: str) -> Fragment:
    """The fragments that a row has, separated by commas, in brackets or braces."""
    merged = _merge_fixed(fragments)
    if all(isinstance(fragment, str) for fragment in merged):
        return opening + ",".join(merged) + closing
    parts = [scalar(fragment) if isinstance(fragment, str) else fragment for fragment in merged]
    if not any(isinstance(fragment, str) for fragment in merged):
        parts[0] = _filled_where_all_are_null(parts)
    inner = pc.binary_join_element_wise(*parts, scalar(","), null_handling="skip")
    return prefixed(opening, inner, closing)


def _filled_where_all_are_null(parts: list[Texts]) -> Texts:
    """The first of the parts, empty instead of null where no part has anything: Arrow's join drops such rows."""
    present = parts[0].is_valid()
    for part in parts[1:]:
        present = pc.or_(present, part.is_valid())
    return parts[0] if pc.all(present).as_py() else pc.if_else(present, parts[0], "")


def _merge_fixed(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Neighbours that are the same for every row become one."""
    merged: list[Fragment] = []
    for fragment in fragments:
        if isinstance(fragment, str) and merged and isinstance(merged[-1], str):
            merged[-1] += "," + fragment
        else:
            merged.append(fragment)
    return merged
