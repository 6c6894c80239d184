"""What can be wrong with a file of rows, and what each error tells whoever can mend it.

ImporterError
└── SourceError
    ├── SourceMissing, SourceNotAFile, SourceUnreadable, SourceNotCopied, SourceUnsupported, SourceIsLock
    ├── SourceDamaged, SourceEncrypted, SourceTooLarge, SourceChanged
    ├── Undecodable, EncodingMistaken, HeaderMissing, HeaderBroken, ColumnTwice
    └── SheetMissing
"""

from collections.abc import Sequence

from importer.errors.base import ImporterError, suggestion


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


class SourceNotCopied(SourceError):
    """There is no room for the copy that a run reads from."""

    code = "source-not-copied"

    def __init__(self, path: str, folder: str, why: str) -> None:
        super().__init__(
            f"\"{path}\" can't be copied into the ledger's folder {folder} for the time of the run: {why}. Nothing was "
            "sent.",
            "Make room on that disk, and run the same command again.",
        )


class SourceUnsupported(SourceError):
    """The content is of a kind that is not imported."""

    code = "source-unsupported"

    def __init__(self, path: str, what: str, remedy: str) -> None:
        super().__init__(f'"{path}" is {what}, not a CSV file or an Excel workbook (.xlsx).', remedy)


class SourceIsLock(SourceError):
    """A small file that lies beside a workbook as long as somebody has it open."""

    code = "source-unsupported"

    def __init__(self, path: str, program: str, workbook: str) -> None:
        super().__init__(
            f'"{path}" is {program}\'s lock file of {workbook}, which is open; it holds no rows.',
            f"Take {workbook} itself, once it is saved.",
        )


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
