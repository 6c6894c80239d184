"""What can be wrong with a mapping file, and what each error tells whoever can mend it.

ImporterError
├── MappingError
└── MappingUnreadable
    └── MappingMissing, MappingUndecodable, MappingIsSource
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from importer.errors.base import ImporterError, suggestion


@dataclass(frozen=True, slots=True, order=True)
class MappingFault:
    """One thing that is wrong with a mapping file, and where."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Misread:
    """A way to read a source that gives columns which are missed in the way it was read."""

    label: str
    word: str
    """What a row is called: line or row."""
    found: int
    """Columns of the mapping that the source has then."""
    wanted: int
    """All columns that the mapping names."""
    sheet: str | None
    row: int | None
    delimiter: str | None
    """What is to be read otherwise; None: as it was."""
    read_sheet: str | None
    read_row: int
    read_delimiter: str | None
    """How it was read."""

    def __str__(self) -> str:
        options, keys = [], []
        for option, given in (("sheet", self.sheet), ("header-row", self.row), ("delimiter", self.delimiter)):
            if given is not None:
                shown = _NAMES.get(str(given), str(given))
                options.append(f"--{option} {shown if shown.isalnum() else f'{chr(34)}{shown}{chr(34)}'}")
                keys.append(f"source.{option.replace('-', '_')}")
        return f"{self.label}: {self._what}. Say {' '.join(options)}, or correct {' and '.join(keys)} in the mapping."

    @property
    def _what(self) -> str:
        columns = "the column" if self.wanted == 1 else f"{self._part} columns"
        has = f"has {columns} that the mapping names"
        where = f'the sheet "{self.sheet}"' if self.sheet is not None else ""
        if self.delimiter is not None:
            used, better = (_NAMES.get(mark or "", mark) for mark in (self.read_delimiter, self.delimiter))
            subject = "the header" if self.row is None else f"{self.word} {self.row}"
            return f"the delimiter seems to be the {better}, not the {used}: with it, {subject} {has}"
        if self.row is not None:
            row = f"{self.word} {self.row}"
            if where:
                return f"{row} of {where} looks like the header: it {has}"
            return f"{row} looks like the header, not {self.word} {self.read_row}: it {has}"
        return f'{where} {has}, and "{self.read_sheet}" was read'

    @property
    def _part(self) -> str:
        return f"all {self.wanted}" if self.found == self.wanted else f"{self.found} of the {self.wanted}"


_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class MappingError(ImporterError):
    """The mapping file can't be used; every fault of it is named."""

    code = "mapping"

    def __init__(
        self, path: str, faults: Sequence[MappingFault], notices: Sequence[str] = (), causes: Sequence[Misread] = ()
    ) -> None:
        """:param notices: how the sources were read, where that may be the reason that a column is not found.
        :param causes: how sources were probably meant to be read, where that is the reason.
        """
        self.path = path
        self.faults = tuple(sorted(set(faults)))
        lines = [f"{path}:{fault.line}:{fault.column}: {fault.sentence}" for fault in self.faults]
        count = len(lines)
        counted = "a fault" if count == 1 else f"{count} faults"
        told = [f"The mapping has {counted}; nothing was read or sent."]
        if causes:
            first, *others = map(str, causes)
            told = [f"Probably {first}", *others, f"Read as it was, the mapping has {counted}; nothing was sent."]
        super().__init__("\n".join([*told, *lines, *notices]), "")


class MappingUnreadable(ImporterError):
    """The mapping file is not there or not a text file."""

    code = "mapping-unreadable"

    def __init__(
        self,
        path: str,
        why: str,
        remedy: str = "Give the mapping file with -m; `lsq-import init SOURCE` drafts one from a spreadsheet.",
    ) -> None:
        super().__init__(f'The mapping "{path}" can\'t be read: {why}.', remedy)


class MappingMissing(MappingUnreadable):
    """There is no such file."""

    def __init__(self, path: str, neighbours: Sequence[str]) -> None:
        """:param neighbours: paths of mapping files in the same folder."""
        near = suggestion(path, neighbours).strip()
        draft = "`lsq-import init SOURCE` drafts a mapping from a spreadsheet."
        super().__init__(path, "there is no such file", near or f"Give the path of the mapping with -m; {draft}")


class MappingUndecodable(MappingUnreadable):
    """The bytes are not UTF-8 text."""

    def __init__(self, path: str, line: int, probably: str | None) -> None:
        what = f"; it is probably {probably}" if probably else ""
        super().__init__(
            path,
            f"line {line} is not UTF-8 text{what}",
            "Save it as UTF-8: editors offer that under Save As, as Encoding. Or have it written by `lsq-import init "
            "SOURCE -o FILE`.",
        )


class MappingIsSource(MappingUnreadable):
    """A spreadsheet was given in the place of the mapping."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            path,
            f"it is {what}",
            "The mapping is a YAML file; perhaps the two were swapped. Sources stand by themselves and the mapping "
            "behind -m: lsq-import run visits.csv -m visits.yaml",
        )
