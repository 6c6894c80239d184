"""The way of a row before any ledger: which rows are looked at, and when that ends early."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from importer.blocks import Block
from importer.loading import ReadingOptions, Source
from importer.mapping.parsing import read_mapping
from importer.preparing.chain import any_invalid, loaded_blocks
from importer.preparing.sources import ImportOrder, PreparedSource, prepare
from tests.rows import MAPPING, visit, write_csv


@dataclass
class WithEmptyBlocks:
    """A source that gives blocks without rows as well, as a reader may."""

    source: Source

    def __getattr__(self, name: str) -> object:
        return getattr(self.source, name)

    def blocks(self) -> Iterator[Block]:
        for block in self.source.blocks():
            yield from (block.head(0), block, block.head(0))


@pytest.fixture
def two_sources(tmp_path: Path) -> list[PreparedSource]:
    """Three rows and two; the last one is bad."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    a = write_csv(tmp_path / "a.csv", [visit(number) for number in range(3)])
    b = write_csv(tmp_path / "b.csv", [visit(3), visit(4, Remarks="")])
    document = read_mapping(str(tmp_path / "visits.yaml"))
    return prepare(ImportOrder((str(a), str(b)), document, ReadingOptions(), tmp_path))


@pytest.mark.parametrize(("limit", "rows"), [(None, [3, 2]), (5, [3, 2]), (4, [3, 1]), (3, [3]), (1, [1]), (0, [])])
def test_a_block_without_rows_ends_nothing(
    two_sources: list[PreparedSource], limit: int | None, rows: list[int]
) -> None:
    """All rows of all sources come, up to the limit."""
    holey = [replace(each, source=WithEmptyBlocks(each.source)) for each in two_sources]  # type: ignore[arg-type]
    loaded = list(loaded_blocks(holey, limit))
    assert [len(each.block) for each in loaded] == rows
    assert [ordinal for each in loaded for ordinal in each.ordinals] == list(range(sum(rows)))


def test_who_stops_has_found_no_bad_row(two_sources: list[PreparedSource]) -> None:
    """Rows that were not looked at are not held back because others are bad."""
    assert any_invalid(two_sources, None)
    assert not any_invalid(two_sources, 4)
    assert not any_invalid(two_sources, None, lambda: True)
