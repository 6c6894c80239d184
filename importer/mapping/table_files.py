"""CSV files that hold the table of a value's `map`: what a source says on one side, what is posted on the other."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from importer.blocks import Texts
from importer.errors.base import suggestion
from importer.errors.mappings import MappingFault
from importer.mapping.places import values_in
from importer.mapping.yaml_tree import Path as TreePath
from importer.mapping.yaml_tree import Plain, YamlTree
from importer.text_files.encoding_names import known_encoding

LARGEST: Final = 16 << 20
"""Bytes; a table of a hundred thousand lines needs less."""

_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Texts, and what is posted for each."""

    keys: Texts
    """Without white space at their ends; no two are alike."""
    posted: Texts
    sha256: str = ""
    """Of the file, if it comes from one."""

    @classmethod
    def of(cls, pairs: dict[str, str], sha256: str = "") -> "Table":
        """A table of these texts."""
        keys = pa.array([key.strip() for key in pairs], pa.large_string())
        return cls(keys, pa.array(list(pairs.values()), pa.large_string()), sha256)

    @property
    def listed(self) -> tuple[str, ...]:
        """The texts that it knows."""
        return tuple(self.keys.to_pylist())


class _TableFault(Exception):
    """A table that can't be used; the text says why."""


def read_tables(tree: YamlTree, folder: Path) -> tuple[dict[TreePath, Table], list[MappingFault]]:
    """The tables that a mapping names, by the path of their value, and what is wrong with them.

    :param folder: where the mapping file lies; the paths of tables start there.
    """
    tables: dict[TreePath, Table] = {}
    faults: list[MappingFault] = []
    for path, value in values_in(tree.plain):
        named = value.get("map_file") if isinstance(value, dict) else None
        if not isinstance(named, dict) or not all(_is_text(named.get(key)) for key in ("file", "from", "to")):
            continue  # reported by the model, if there is anything to report
        try:
            tables[path] = _read(named, folder)
        except _TableFault as fault:
            faults.append(MappingFault(*tree.value_at((*path, "map_file", "file")), str(fault)))
    return tables, faults


def _is_text(plain: Plain) -> bool:
    return isinstance(plain, str) and bool(plain)


def _read(named: dict[str, Plain], folder: Path) -> Table:
    file, wanted = str(named["file"]), (str(named["from"]), str(named["to"]))
    content = _content(file, folder)
    encoding = known_encoding(str(named.get("encoding") or "utf-8")) or "latin-1"  # an unknown one is a fault already
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _TableFault(f'"{file}", line {line}: the bytes are not {encoding} text; name its encoding.') from None
    delimiter = named.get("delimiter")
    header, lines = _parted(file, text, wanted, str(delimiter) if delimiter else None)
    pairs: dict[str, str] = {}
    seen: dict[str, int] = {}
    first, second = _position(file, header, wanted[0]), _position(file, header, wanted[1])
    for line, cells in lines:
        if len(cells) != len(header):
            raise _TableFault(f'"{file}", line {line}: {len(cells)} fields, but the header has {len(header)}.')
        key, posted = cells[first].strip(), cells[second]
        if not key:
            raise _TableFault(f'"{file}", line {line}: "{wanted[0]}" is empty.')
        if pairs.setdefault(key, posted) != posted:
            raise _TableFault(f'"{file}", line {line}: "{key}" stands for something else on line {seen[key]}.')
        seen.setdefault(key, line)
    if not pairs:
        raise _TableFault(f'"{file}" has no line below its header.')
    return Table.of(pairs, hashlib.sha256(content).hexdigest())


def _content(file: str, folder: Path) -> bytes:
    if "://" in file:
        raise _TableFault(f'"{file}" is an address; only local files are read.')
    path = folder / file
    try:
        if path.is_dir():
            raise _TableFault(f'"{file}" is a folder; name a CSV file.')
        if not path.is_file():
            neighbours = [found.name for found in path.parent.iterdir()] if path.parent.is_dir() else []
            near = _with_strokes(file) or suggestion(path.name, neighbours)
            raise _TableFault(f'There is no file "{file}" beside the mapping.{near}')
        if path.stat().st_size > LARGEST:
            raise _TableFault(f'"{file}" is larger than {LARGEST >> 20} MiB; a table of texts is not.')
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = error.strerror if isinstance(error, OSError) else None
        raise _TableFault(f'"{file}" can\'t be read: {why or type(error).__name__}.') from None


def _with_strokes(file: str) -> str:
    """What is said of a path as Windows writes it: a mapping is read on every system, and "\\t" is a tab in YAML."""
    if not any(sign in file for sign in "\\\t\n\r\b\f\a\v\0"):
        return ""
    return " In paths write / instead of \\, such as tables/codes.csv."


_Line = tuple[int, list[str]]


def _parted(file: str, text: str, wanted: tuple[str, str], delimiter: str | None) -> tuple[list[str], Iterator[_Line]]:
    """The header and the lines below it; without a delimiter by the one that gives the columns that are wanted."""

    def found(candidate: str) -> tuple[int, int]:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=candidate), [])
        names = {name.strip() for name in header}
        return len(names & {name.strip() for name in wanted}), len(header)

    lines = _lines(file, text, delimiter or max(_DELIMITERS, key=found))
    _, header = next(lines, (0, []))
    if not header:
        raise _TableFault(f'"{file}" is empty.')
    return [name.strip() for name in header], lines


def _lines(file: str, text: str, delimiter: str) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield first, cells
    except csv.Error as error:
        raise _TableFault(f'"{file}", line {reader.line_num}: {error}.') from None


def _position(file: str, header: list[str], name: str) -> int:
    name = name.strip()
    if header.count(name) > 1:
        raise _TableFault(f'"{file}" has the column "{name}" {header.count(name)} times.')
    if name not in header:
        near = suggestion(name, header) or f" Its columns are {', '.join(header)}."
        raise _TableFault(f'"{file}" has no column "{name}".{near}')
    return header.index(name)
