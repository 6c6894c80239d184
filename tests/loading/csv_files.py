"""CSV files for tests: written, frozen and opened as a run does it; their rows in a form that is easy to compare."""

from dataclasses import dataclass
from pathlib import Path

from importer.blocks import Block
from importer.loading import ReadingOptions, Source, freeze, open_source


@dataclass(frozen=True)
class Row:
    """One row as it was read."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""
    """The code of what is wrong with it."""


def opened(folder: Path, content: str | bytes, options: ReadingOptions | None = None) -> Source:
    """The source of a file that holds this."""
    path = folder / "visits.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    options = options or ReadingOptions()
    return open_source(freeze(str(path), options.encoding), options)


def rows_of_block(block: Block) -> list[Row]:
    """The rows of one block."""
    columns = [column.shown.to_pylist() for column in block.columns]
    faults = {offset: fault.code for offset, fault in block.faults.items()}
    return [
        Row(int(number), tuple(column[offset] for column in columns), faults.get(offset, ""))
        for offset, number in enumerate(block.rows)
    ]


def rows_of(source: Source) -> list[Row]:
    """All rows of a source."""
    found: list[Row] = []
    for block in source.blocks():
        assert block.place == source.place
        assert block.header == source.header
        assert block.places[0] == len(found)
        assert len(block.columns) == len(block.header.names)
        assert len(block) > 0
        assert all(column.stored is None for column in block.columns)
        found += rows_of_block(block)
    return found


def read(folder: Path, content: str | bytes, options: ReadingOptions | None = None) -> list[Row]:
    """All rows of a file that holds this."""
    return rows_of(opened(folder, content, options))
