"""From paths and a mapping file to opened, bound sources: all that can be wrong before the first row is found here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from importer.errors.base import ImporterError
from importer.errors.mappings import MappingError, MappingFault, Misread
from importer.given_paths import reached
from importer.loading import FrozenFile, ReadingOptions, Source, freeze, misread, open_source
from importer.mapping.binding import bind, columns_of
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument
from importer.preparing.chosen_rows import chosen
from importer.preparing.shortened_numbers import TellingOfShortened


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how it is to be read."""

    sources: tuple[str, ...]
    """Paths as the user gave them."""
    document: MappingDocument
    reading: ReadingOptions
    """As the command line says; the mapping fills the gaps."""
    out: Path
    """Where the folders of runs are made."""
    limit: int | None = None
    """Rows of all sources together."""
    stop_on_invalid: bool = False
    allow_duplicates: bool = False
    sandbox: bool = False
    """Whether it goes into the stand-in."""
    given_in: str = ""
    """The folder that the paths start from; "" for the one we are in."""

    @property
    def how_to_read(self) -> ReadingOptions:
        """An option beats the mapping, the mapping beats detection."""
        said = self.document.source_section()
        return ReadingOptions(
            sheet=self.reading.sheet or said.sheet,
            header_row=self.reading.header_row or said.header_row,
            encoding=self.reading.encoding or said.encoding,
            delimiter=self.reading.delimiter or said.delimiter,
            quote_char=self.reading.quote_char or said.quote_char,
        )


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """One source, frozen, opened, and bound to the mapping."""

    position: int
    """Among the sources of the order, from 0."""
    file: FrozenFile
    source: Source
    bound: BoundMapping


def prepare(order: ImportOrder, copies: Path | None = None) -> list[PreparedSource]:
    """Freezes, opens and binds every source of an order.

    :param copies: a folder to freeze copies in, so that nobody can change a source while it is imported.
    :raises MappingError: all faults of the mapping, and all columns that a source lacks.
    :raises SourceError: a source that can't be read.
    """
    prepared: list[PreparedSource] = []
    faults: list[MappingFault] = list(order.document.faults)
    notices: list[str] = []
    causes: list[Misread] = []
    wanted = columns_of(order.document)
    for position, (file, source) in enumerate(_opened(order, copies)):
        try:
            bound = bind(order.document, source.header, source.place.source)
        except MappingError as error:
            cause = misread(file, source, order.how_to_read, wanted)
            if cause is None:
                faults += error.faults
                notices += source.notices
            else:
                causes.append(cause)
                faults += _in_short(order.document, source)
                notices += _without_doubt(source)
        else:
            prepared.append(PreparedSource(position, file, TellingOfShortened(chosen(source, bound), bound), bound))
    if faults:
        raise MappingError(order.document.path, faults, notices, causes)
    return prepared


def _in_short(document: MappingDocument, source: Source) -> tuple[MappingFault, ...]:
    """The same faults again, where it is known why columns are missed."""
    try:
        bind(document, source.header, source.place.source, briefly=True)
    except MappingError as error:
        return error.faults
    return ()


def _without_doubt(source: Source) -> list[str]:
    """How a source was read, without what the cause says already."""
    doubt = source.title.doubt if source.title else None
    return [notice for notice in source.notices if doubt is None or not notice.endswith(doubt)]


def _opened(order: ImportOrder, copies: Path | None) -> Iterator[tuple[FrozenFile, Source]]:
    options = order.how_to_read
    for position, label in enumerate(order.sources):
        try:
            copy = copies / f"source-{position}" if copies else None
            file = freeze(label, options.encoding, copy, path=reached(label, order.given_in))
            yield file, open_source(file, options)
        except ImporterError:
            if order.document.faults:
                return  # a broken mapping may be the reason; it is what has to be mended first
            raise
