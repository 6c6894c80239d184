"""Columns of texts, looked at by their bytes: what costs nothing where there is nothing to do."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.records import Flags, Texts


def bytes_of(texts: Texts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where each text begins, with the end of the last one; and the bytes of all of them."""
    _, offset_buffer, code_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return offsets, np.frombuffer(code_buffer, np.uint8) if code_buffer else np.empty(0, np.uint8)


def filled(texts: Texts) -> Flags:
    """Which texts are neither empty nor null."""
    if not len(texts):
        return np.empty(0, np.bool_)
    offsets, _ = bytes_of(texts)
    full: Flags = offsets[1:] > offsets[:-1]
    if texts.null_count:
        full &= texts.is_valid().to_numpy(zero_copy_only=False)
    return full


def trimmed(texts: Texts) -> Texts:
    """The texts without white space at their ends; the texts themselves where there is none."""
    if not len(texts):
        return texts
    offsets, codes = bytes_of(texts)
    full = np.flatnonzero(offsets[1:] > offsets[:-1])
    if len(full):
        ends = np.concatenate((codes[offsets[full]], codes[offsets[full + 1] - 1]))
        # Beyond ASCII, and below the exclamation mark, there is white space; between them there is none.
        if (ends - np.uint8(0x21) > np.uint8(0x7E - 0x21)).any():
            return pc.utf8_trim_whitespace(texts)
    return texts


def only_where(present: Flags, texts: Texts) -> Texts:
    """The texts, null where they are not to be; their bytes are shared, not copied."""
    if present.all():
        return texts
    if texts.offset or texts.null_count:
        return pc.if_else(pa.array(present), texts, None)
    _, offsets, codes = texts.buffers()
    validity = pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.LargeStringArray.from_buffers(len(texts), offsets, codes, validity, -1, 0)
