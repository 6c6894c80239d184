"""XML read as a stream, without anything that could reach beyond the file or blow it up."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate, errors

from importer.errors.sources import SourceDamaged, SourceTooLarge
from importer.loading.excel.limits import DEPTH, MEBIBYTE, NAMES, TAG, TEXT

CHUNK: Final = 64 * 1024
"""Bytes that are parsed at a time, and characters that expat gives at most at a time."""

SPREADSHEET: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    }
)
"""The two names of the vocabulary: transitional and strict."""

_UTF_8: Final = frozenset({"utf-8", "utf8"})
_ENCODINGS: Final = _UTF_8 | {"utf-16", "us-ascii", "iso-8859-1"}

Attributes = dict[str, str]


class Listener:
    """Takes the elements of one part of a package, named `namespace element`.

    It watches their number of names and levels: expat keeps every name and every open element in memory, and hostile
    markup has ever more of them. A subclass that sees millions of elements passes on those only that it doesn't know.
    """

    def __init__(self, label: str, part: str) -> None:
        self.label = label
        self.part = part
        self.pieces: list[str] = []
        """The text since it was last cleared; always the same list, for expat appends to it."""
        self.where: Callable[[], int] = int
        """Offset, in the input, of the tag that is being parsed."""
        self._names: set[str] = set()
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins.

        :raises SourceTooLarge: it stands too deep, or there have been too many names.
        """
        self.pieces.clear()
        self._depth += 1
        if self._depth > DEPTH:
            raise SourceTooLarge(self.label, f"{self.part} has too many elements within one another", f"{DEPTH} levels")
        self.meet(name, attributes)

    def meet(self, name: str, attributes: Iterable[str]) -> None:
        """Names that may be new.

        :raises SourceTooLarge: there have been too many.
        """
        self._names.add(name)
        self._names.update(attributes)
        if len(self._names) > NAMES:
            raise SourceTooLarge(self.label, f"{self.part} has ever new kinds of elements", f"{NAMES:,} names")

    def end(self, name: str) -> None:  # noqa: ARG002  # subclasses ask for it
        """An element ends."""
        self._depth -= 1

    def declare(self, prefix: str | None, space: str) -> None:
        """A prefix is declared, for the element that begins next."""

    def rest(self, size: int) -> None:  # noqa: ARG002  # subclasses ask for it
        """A piece of input, of so many bytes, has been parsed; the place for checks that cost too much to make for each
        element.
        """
        if len(self.pieces) > TEXT // CHUNK:
            raise SourceTooLarge(self.label, f"{self.part} has a text that does not end", f"{TEXT // MEBIBYTE} MB")


class ForbiddenMarkup(Exception):
    """The markup begins with something that no spreadsheet program writes."""


class Parser:
    """Parses one part of a package, piece by piece."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._fed = 0
        self._lines_elsewhere = 0
        self.utf_8 = True
        """Whether the part says nothing else of its encoding."""
        parser = self._parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.XmlDeclHandler = self._check_encoding
        parser.StartDoctypeDeclHandler = _forbidden
        parser.EntityDeclHandler = _forbidden
        parser.StartNamespaceDeclHandler = listener.declare
        parser.StartElementHandler = listener.start
        parser.EndElementHandler = listener.end
        parser.CharacterDataHandler = listener.pieces.append
        listener.where = lambda: parser.CurrentByteIndex

    @property
    def fed(self) -> int:
        """Bytes so far."""
        return self._fed

    def feed(self, piece: bytes) -> None:
        """Parses a piece.

        :raises SourceDamaged: it is not well formed, or declares a document type.
        :raises SourceTooLarge: a tag or a text is longer than any honest one.
        """
        self._parse(piece)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > TAG:
            listener = self._listener
            raise SourceTooLarge(
                listener.label, f"{listener.part} has a tag that does not end", f"{TAG // MEBIBYTE} MB"
            )
        self._listener.rest(len(piece))

    def pass_over(self, lines: int) -> None:
        """Takes note of line ends that somebody else has read, so that errors name the right line."""
        self._lines_elsewhere += lines

    def close(self) -> None:
        """The part has ended; it raises as `feed` does."""
        self._parse(b"", final=True)

    def _parse(self, piece: bytes, *, final: bool = False) -> None:
        label, part = self._listener.label, self._listener.part
        try:
            self._parser.Parse(piece, final)
        except ExpatError as error:
            line = error.lineno + self._lines_elsewhere
            raise SourceDamaged(label, f"{part}, line {line}: {errors.messages[error.code]}") from None
        except ForbiddenMarkup as forbidden:
            raise SourceDamaged(label, f"{part} {forbidden}, as no spreadsheet program does") from None

    def _check_encoding(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise ForbiddenMarkup("is in an encoding of its own")
        self.utf_8 = encoding is None or encoding.lower() in _UTF_8


def parse(chunks: Iterable[bytes], listener: Listener) -> Iterator[None]:
    """Parses one part of a package; yields after each piece of input. It raises as `Parser.feed` does."""
    parser = Parser(listener)
    for chunk in chunks:
        parser.feed(chunk)
        yield
    parser.close()
    yield


def parse_whole(chunks: Iterable[bytes], listener: Listener) -> None:
    """Parses one part of a package to its end; it raises as `parse` does."""
    for _ in parse(chunks, listener):
        pass


def _forbidden(*_: object) -> None:
    raise ForbiddenMarkup("declares a document type")
