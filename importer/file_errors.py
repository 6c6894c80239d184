"""What can be wrong with the files that a person gives, and what each error tells whoever can mend them.

ImporterError
├── MappingError, MappingUnreadable
└── SourceError
    ├── SourceMissing, SourceNotAFile, SourceUnreadable, SourceUnsupported
    ├── SourceDamaged, SourceEncrypted, SourceTooLarge, SourceChanged
    ├── Undecodable, EncodingMistaken, HeaderMissing, HeaderBroken, ColumnTwice
    └── SheetMissing
"""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.errors import ImporterError, suggestion

# ---------------------------------------------------------------------------------------------- mapping


@dataclass(frozen=True, slots=True, order=True)
class MappingFault:
    """One thing that is wrong with a mapping file, and where."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    sentence: str


class MappingError(ImporterError):
    """The mapping file can't be used; every fault of it is named."""

    code = "mapping"

    def __init__(self, path: str, faults: Sequence[MappingFault], notices: Sequence[str] = ()) -> None:
        """:param notices: how the sources were read, where that may be the reason that a column is not found."""
        self.path = path
        self.faults = tuple(sorted(set(faults)))
        lines = [f"{path}:{fault.line}:{fault.column}: {fault.sentence}" for fault in self.faults]
        count = len(lines)
        head = "The mapping has a fault" if count == 1 else f"The mapping has {count} faults"
        super().__init__("\n".join([f"{head}; nothing was read or sent.", *lines, *notices]), "")


class MappingUnreadable(ImporterError):
    """The mapping file is not there or not a text file."""

    code = "mapping-unreadable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f'The mapping "{path}" can\'t be read: {why}.',
            "Give the mapping file with -m; `lsq-import init SOURCE` drafts one from a spreadsheet.",
        )


# ---------------------------------------------------------------------------------------------- sources


class SourceError(ImporterError):
    """A source can't be read, or not without the risk of reading it wrongly."""

    code = "source"


class SourceMissing(SourceError):
    """There is no such file."""

    code = "source-missing"

    def __init__(self, path: str, neighbours: Sequence[str] = ()) -> None:
        super().__init__(f'There is no file "{path}".{suggestion(path, neighbours)}', "Check the path and run again.")


class SourceNotAFile(SourceError):
    """A folder, an address or something else that is no local file."""

    code = "source-not-a-file"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f'"{path}" is {what}; only local files are read.', "Save it as a file on this computer and give its path."
        )


class SourceUnreadable(SourceError):
    """The operating system refuses to read the file."""

    code = "source-unreadable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f'"{path}" can\'t be read: {why}.', "If it is open in another program, close it there; check its rights."
        )


class SourceUnsupported(SourceError):
    """The content is of a kind that is not imported."""

    code = "source-unsupported"

    def __init__(self, path: str, what: str, remedy: str) -> None:
        super().__init__(f'"{path}" is {what}, not a CSV file or an Excel workbook (.xlsx).', remedy)


class SourceDamaged(SourceError):
    """The file breaks off or contradicts itself."""

    code = "source-damaged"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f'"{path}" is damaged: {what}.', "Export or copy it again; opening it in Excel and saving it may mend it."
        )


class SourceEncrypted(SourceError):
    """The workbook is protected by a password."""

    code = "source-encrypted"

    def __init__(self, path: str) -> None:
        super().__init__(
            f'"{path}" is protected by a password.',
            "Open it in Excel, take the password off under File > Info > Protect Workbook, save it, and run again.",
        )


class SourceTooLarge(SourceError):
    """Reading the file would need more memory than any honest file of its size."""

    code = "source-too-large"

    def __init__(self, path: str, what: str, limit: str) -> None:
        super().__init__(
            f'"{path}" is refused: {what}; the limit is {limit}.',
            "Copy the cells you need into a new workbook, or save the sheet as CSV.",
        )


class SourceChanged(SourceError):
    """Somebody wrote into the file while it was read."""

    code = "source-changed"

    def __init__(self, path: str) -> None:
        super().__init__(
            f'"{path}" changed while it was being read.', "Wait until its export has finished, then run again."
        )


class Undecodable(SourceError):
    """The bytes of a text file are not in the encoding that was expected."""

    code = "undecodable"

    def __init__(self, path: str, line: int, encoding: str, probably: str | None, *, ends_there: bool = False) -> None:
        remedy = (
            f"It is probably {probably}: add --encoding {probably}, or source.encoding to the mapping."
            if probably
            else "Name its encoding with --encoding, or export it again as UTF-8."
        )
        cut = " The file ends there, within a character: it may be cut off, or still being written." * ends_there
        super().__init__(f'"{path}", line {line}: the bytes are not {encoding} text.{cut}', remedy)


class EncodingMistaken(SourceError):
    """A text file is UTF-8, though another encoding was named in which any bytes are text."""

    code = "encoding-mistaken"

    def __init__(self, path: str, line: int, encoding: str) -> None:
        super().__init__(
            f'"{path}", line {line}: it is UTF-8 text, but {encoding} was named for it, and would make "Ã©" of "é".',
            "Take --encoding off, and `encoding` out of the mapping's `source`; or name utf-8 there.",
        )


class HeaderMissing(SourceError):
    """No row that could name the columns."""

    code = "header-missing"

    def __init__(self, path: str, row: int | None) -> None:
        where = "it is empty" if row is None else f"row {row} is empty or not there"
        super().__init__(
            f'"{path}" has no header: {where}.', "The first row must name the columns; or give it with --header-row."
        )


class HeaderBroken(SourceError):
    """The header of a CSV file can't be taken apart."""

    code = "header-broken"

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(
            f'"{path}", line {line}: the header can\'t be read: {why}.',
            "Correct that line, or name the right one with --header-row.",
        )


class ColumnTwice(SourceError):
    """A column that the mapping uses stands twice in the header."""

    code = "column-twice"

    def __init__(self, path: str, name: str, letters: Sequence[str]) -> None:
        super().__init__(
            f'"{path}" has the column "{name}" {len(letters)} times ({", ".join(letters)}), and the mapping uses it.',
            "Rename all but one of them in the file, so that it is clear which one is meant.",
        )


class SheetMissing(SourceError):
    """The workbook has no sheet of that name or number."""

    code = "sheet-missing"

    def __init__(self, path: str, wanted: str, sheets: Sequence[str]) -> None:
        names = ", ".join(f'"{name}"' for name in sheets)
        super().__init__(
            f'"{path}" has no sheet "{wanted}"; it has {names}.{suggestion(wanted, sheets)}',
            "Name one with --sheet, by its name or its number from 1.",
        )
