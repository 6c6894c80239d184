"""Workbooks of other programs give rows like any other, and go through a file to correct without a loss."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from importer.blocks import CellKind
from importer.errors.base import ExitCode, ExtraMissing
from importer.loading import ReadingOptions, Source, freeze, open_source
from importer.records import HeldRow
from importer.reporting.to_fix import TO_FIX, HeldFiles
from tests.corpus.packing import moment, number, opendocument, row, table, text

FILES = Path(__file__).parent.parent / "corpus" / "files"

Cells = list[tuple[str, CellKind, str]]


def opened(path: Path) -> Source:
    """The first sheet of a workbook."""
    return open_source(freeze(str(path), None), ReadingOptions())


def cells_of(source: Source) -> Cells:
    """All cells of all rows: what they show, their kind, and what they store."""
    blocks = source.blocks()
    rows = (block.cells(offset) for block in blocks for offset in range(len(block)))
    return [(cell.shown, cell.kind, cell.stored) for row in rows for cell in row]


def corrected(folder: Path, source: Source) -> Source:
    """The same rows, as they come back from a file to correct."""
    with HeldFiles(folder, TO_FIX, [(source.place, source.layout)]) as files:
        for block in source.blocks():
            for offset, line in enumerate(block.rows):
                files.add(HeldRow(source.place, int(line), block.cells(offset), "too-long", "A is longer than allowed"))
    assert files.written == ["to-fix.xlsx"]
    return opened(folder / "to-fix.xlsx")


@pytest.mark.parametrize("name", ["formats.ods", "texts.ods", "repeated.ods", "formats.xls", "dates-1904.xls"])
def test_cells_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    """What cells show, their kind and what they store survive the way into an .xlsx and back."""
    source = opened(FILES / name)
    back = corrected(tmp_path, source)
    assert back.header.names == source.header.names
    assert cells_of(back) == cells_of(source)


def test_moments_come_back_as_moments(tmp_path: Path) -> None:
    """A date that is shown in words is a date again, though not in those words; one that Excel can't have is a text,
    and what is no error to Excel is one that is.
    """
    before = cells_of(opened(FILES / "moments.ods"))
    after = cells_of(corrected(tmp_path, opened(FILES / "moments.ods")))
    for (shown, kind, stored), (shown_again, kind_again, stored_again) in zip(before, after, strict=True):
        if stored.startswith("1850"):
            assert (kind_again, shown_again) == (CellKind.TEXT, shown)
        else:
            assert (kind_again, stored_again) == (kind, stored)
            assert shown in (shown_again, "1. Mai") or shown_again == "#VALUE!"


def test_a_number_that_is_corrected_shows_itself(tmp_path: Path) -> None:
    """A format that shows one value in words does so for this value only: a number typed over it is seen."""
    path = tmp_path / "book.ods"
    path.write_bytes(opendocument(table(row(text("A")), row(number("5", "fünf")), row(moment("2024-05-01", "1. Mai")))))
    (block,) = opened(path).blocks()
    assert [block.cells(offset)[0].format for offset in range(2)] == [
        '[=5]"fünf";General',
        '[=45413]"1. Mai";yyyy-mm-dd',
    ]


def test_reading_twice_and_side_by_side() -> None:
    """A source can be read again, also while it is being read."""
    for name in ("formats.xls", "formats.ods"):
        source = opened(FILES / name)
        first, second = source.blocks(), source.blocks()
        assert [next(first).cells(0), next(first, None)] == [next(second).cells(0), next(second, None)]
        assert cells_of(source) == cells_of(source)


def test_sheets_by_name_and_by_number(tmp_path: Path) -> None:
    """Sheets are found by name and by number in every kind of workbook."""
    path = tmp_path / "book.ods"
    path.write_bytes(opendocument(table(row(text("A")), name="One") + table(row(text("B")), name="Two")))
    for wanted, name in (("Two", "B"), ("2", "B"), ("One", "A"), (None, "A")):
        source = open_source(freeze(str(path), None), ReadingOptions(sheet=wanted))
        assert source.header.names == (name,)


class NotInstalled:
    """A finder of modules that finds all but one: what Python asks when a library is not there."""

    def __init__(self, finder: Any, missing: str) -> None:
        self._finder = finder
        self._missing = missing

    def find_spec(self, name: str, *where: Any) -> Any:
        """What the real finder finds."""
        return None if name == self._missing else self._finder.find_spec(name, *where)


@contextmanager
def without(library: str) -> Iterator[None]:
    """As long as this lasts, the library is not installed."""
    finders, loaded = sys.meta_path[:], sys.modules.pop(library, None)
    sys.meta_path[:] = [NotInstalled(finder, library) for finder in finders]
    try:
        yield
    finally:
        sys.meta_path[:] = finders
        if loaded is not None:
            sys.modules[library] = loaded


def test_an_old_workbook_without_what_reads_it() -> None:
    """The message names the file, the kind that it is of, and the command that installs what is missing."""
    with without("xlrd"), pytest.raises(ExtraMissing) as refused:
        opened(FILES / "formats.xls")
    said = str(refused.value)
    assert (
        'formats.xls", an Excel workbook of the old kind (.xls), needs the extra "xls", which is not installed.' in said
    )
    assert said.endswith('Install it with: pip install "leadsquared-importer[xls]"')
    assert refused.value.exit_code is ExitCode.NOT_STARTED
    assert len(opened(FILES / "formats.xls").header.names) > 0
