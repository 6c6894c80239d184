"""XML read as a stream, without anything that could reach beyond the file or blow it up."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate, errors

from importer.errors import SourceDamaged, SourceTooLarge
from importer.loading.excel.limits import MEBIBYTE, TAG

CHUNK: Final = 64 * 1024
"""Bytes that are parsed at a time."""

SPREADSHEET: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The two names of the vocabulary: transitional and strict."""

Attributes = dict[str, str]


class ForbiddenMarkup(Exception):
    """The markup declares a document type or entities, which no spreadsheet program writes."""


def parse(
    label: str,
    part: str,
    chunks: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], object],
) -> Iterator[None]:
    """Parses one part of a package, telling elements as `namespace name`; yields after each piece of input.

    :raises SourceDamaged: it is not well formed, or declares a document type.
    :raises SourceTooLarge: a single tag is longer than any honest one.
    """
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    parser.StartDoctypeDeclHandler = _forbidden
    parser.EntityDeclHandler = _forbidden
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    read = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003  # expat takes it by position only
            read += len(chunk)
            if read - parser.CurrentByteIndex > TAG:
                raise SourceTooLarge(label, f"{part} has a tag of more than {TAG // MEBIBYTE} MB", "one tag")
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except ExpatError as error:
        raise SourceDamaged(label, f"{part}, line {error.lineno}: {errors.messages[error.code]}") from None
    except ForbiddenMarkup:
        raise SourceDamaged(label, f"{part} declares a document type, which no spreadsheet program does") from None
    yield


def _forbidden(*_: object) -> None:
    raise ForbiddenMarkup
