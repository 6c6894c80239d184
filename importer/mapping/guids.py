"""Ids like 2bf6a491-c144-4ac9-90f9-f52b6fc44413, a whole column at once."""

from typing import Final

import numpy as np

from importer.blocks import Flags, Texts
from importer.mapping.texts import bytes_of, rows_of_bytes, translated


def are_guids(texts: Texts) -> Flags:
    """Which texts are ids; capital letters are as good as small ones."""
    offsets, codes = bytes_of(texts)
    which = np.flatnonzero(np.diff(offsets) == len(_SHAPE))
    fits = np.zeros(len(texts), np.bool_)
    rows = rows_of_bytes(codes, offsets[which], len(_SHAPE))
    fits[which] = translated(rows, _SIGNS).view(f"S{len(_SHAPE)}") == _SHAPE
    return fits


def _sign_of(code: int) -> int:
    if chr(code) in "0123456789abcdefABCDEF":
        return ord("x")
    return code if chr(code) == "-" else ord("?")


_SHAPE: Final = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
_SIGNS: Final = bytes(_sign_of(code) for code in range(256))
