"""In which encoding a text file is, and the proof that all of it really is."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from importer.errors.base import UsageError
from importer.errors.sources import EncodingMistaken, Undecodable
from importer.loading.source import FrozenFile
from importer.text_files.encoding_names import BYTE_ORDER_MARKS, known_encoding

PROOF_BYTES: Final = 1 << 18
"""That are proved to be text at once: memory that is used again costs less than new memory."""

CHUNK_BYTES: Final = 6 << 20

_WITHOUT_MARK: Final = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""What encodings whose name promises a byte-order mark are in a file that has none: as Windows writes them."""


def text_encoding(head: bytes, asked: str | None) -> tuple[str, int]:
    """The encoding of a text that begins with `head`, and the length of its byte-order mark in bytes.

    A byte-order mark wins over what was asked for; without either it is UTF-8.

    :raises UsageError: the encoding asked for does not exist.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if asked is None:
        return "utf-8", 0
    known = known_encoding(asked)
    if known is None:
        raise UsageError(f'There is no encoding "{asked}".', "Usual ones are utf-8, cp1252 (Excel on Windows), utf-16.")
    return _WITHOUT_MARK.get(known, known), 0


class DecodingProof:
    """Fed with all bytes of a text file in turn, it raises at the first that are not text in the encoding."""

    def __init__(self, label: str, path: Path, head: bytes, asked: str | None) -> None:
        self._label = label
        self._path = path
        self._encoding, self._mark = text_encoding(head, asked)
        if asked is None and not self._mark:
            self._refuse_unmarked_utf16(head)
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._decoded_chunks = 0
        self._utf8 = codecs.getincrementaldecoder("utf-8")() if _takes_any_bytes(self._encoding) else None
        self._ascii = True

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """:raises Undecodable: with the line, and the encoding that it probably is.
        :raises EncodingMistaken: all of it is UTF-8, though something else was asked for.
        """
        if not self._decoded_chunks:
            chunk = chunk[self._mark :]
        self._try_utf8(chunk, final=final)
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(self._encoding, "replace")
            # A mark can't be overruled by naming an encoding.
            probably = None if self._mark else _probably(error.object, self._encoding)
            raise Undecodable(self._label, self._line_after(good), self._encoding, probably, ends_there=final) from None
        self._decoded_chunks += 1

    def _try_utf8(self, chunk: bytes, *, final: bool) -> None:
        """What is saved as UTF-8 after it was something else is text in the old encoding still, but another one."""
        if self._utf8 is None:
            return
        self._ascii = self._ascii and chunk.isascii()
        try:
            self._utf8.decode(chunk, final)
        except UnicodeDecodeError:
            self._utf8 = None
            return
        if final and not self._ascii:
            with self._path.open("rb") as file:
                line = next(number for number, text in enumerate(file, 1) if not text.isascii())
            raise EncodingMistaken(self._label, line, self._encoding)

    def _line_after(self, good: str) -> int:
        """The line on which `good` ends; the chunks before it, which were text, are read again now that it matters."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        ends = io.IncrementalNewlineDecoder(None, translate=True)
        line = 1
        with self._path.open("rb") as file:
            file.seek(self._mark)
            for number in range(self._decoded_chunks):
                text = decoder.decode(file.read(PROOF_BYTES - (0 if number else self._mark)))
                line += ends.decode(text).count("\n")
        return line + ends.decode(good, final=True).count("\n")

    def _refuse_unmarked_utf16(self, head: bytes) -> None:
        """Such a text decodes as UTF-8 full of NULs; it would be read as rubbish."""
        sample = head[: len(head) // 2 * 2]
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if sample and sample[offset::2].count(0) > len(sample) * 0.3:
                raise Undecodable(self._label, 1, self._encoding, encoding)


def _takes_any_bytes(encoding: str) -> bool:
    """Whether each byte is a letter of its own in it, or nearly each: so that texts in UTF-8 are texts in it, too."""
    return sum(bytes([byte]).decode(encoding, "ignore") != "" for byte in range(0x80, 0x100)) > 0x80 / 2


def _probably(sample: bytes, not_this: str) -> str | None:
    """The encoding of bytes that are not what was expected: what Windows programs write, if it can be that."""
    for encoding in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)  # the sample may break off within a character
        except UnicodeDecodeError:
            continue
        if encoding != not_this:
            return encoding
    return None


@contextmanager
def utf8_text(file: FrozenFile, encoding: str, mark: int) -> Iterator[Iterator[bytes]]:
    """The text of a file that has passed its DecodingProof, as UTF-8 in pieces of a few megabytes.

    :param mark: bytes of the byte-order mark, which is left out.
    :raises SourceUnreadable: the disk gives it no more.
    """
    with file.open() as opened:
        opened.seek(mark)
        chunks = iter(partial(file.read, opened, CHUNK_BYTES), b"")  # it keeps none of them while the next is read
        if encoding == "utf-8":
            yield chunks
        else:
            decoder = codecs.getincrementaldecoder(encoding)()
            last = (decoder.decode(b"", final=True).encode() for _ in range(1))
            yield chain((decoder.decode(chunk).encode() for chunk in chunks), last)
