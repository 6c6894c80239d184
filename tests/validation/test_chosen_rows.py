"""Rows that `when` does not mean are none of the import: not counted, but told of; and none is lost in silence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Block, Cell, CellKind, CsvLayout, Header, Place, RowFault
from importer.codes.rows import Code
from importer.preparing.chosen_rows import chosen
from tests.mapping.building import LEAD, LEAD_AND_EVENT, SOURCE, block_of, bound

MEANT = LEAD_AND_EVENT + "when: {column: A, is_not: [test]}\n"
HEADER = ("Lead ID", "A")


@dataclass
class Table:
    """A source whose blocks are given."""

    given: Sequence[Block]
    place = Place(SOURCE)
    header = Header(HEADER, 1)
    layout = CsvLayout("utf-8", byte_order_mark=False, delimiter=",", newline="\n", preamble="", header=HEADER)
    expected_rows = 7
    title = None
    apostrophes = None
    notices: tuple[str, ...] = ("how it is read",)

    def blocks(self) -> Iterator[Block]:
        """The blocks."""
        yield from self.given


def table(cells: Sequence[str | Cell], size: int = 100) -> Table:
    """A source with these cells in column A."""
    starts = range(0, len(cells), size)
    return Table(
        [block_of({"Lead ID": [LEAD] * len(cells[at : at + size]), "A": cells[at : at + size]}, at) for at in starts]
    )


def test_nothing_is_chosen_without_when() -> None:
    """A mapping that means all rows leaves the source as it is."""
    source = table(["a"])
    assert chosen(source, bound(LEAD_AND_EVENT, HEADER)) is source


def test_rows_that_are_not_meant() -> None:
    """They are in no block, the others keep their numbers, and a notice says how many there were, as often as read."""
    source = chosen(table(["a", "test", "b", " test"], size=2), bound(MEANT, HEADER))
    assert [*source.notices] == ["how it is read"]
    for _ in range(2):
        assert [(block.places[0], block.rows.tolist()) for block in source.blocks()] == [(0, [2]), (1, [4])]
        _, left_out = source.notices
        assert left_out == "visits.csv: 2 rows are left out by `when` in the mapping, the first is row 3."
    assert (source.place, source.header, source.expected_rows) == (Place(SOURCE), Header(HEADER, 1), 7)
    assert source.layout == table([]).layout


def test_one_row_that_is_not_meant() -> None:
    """One is one."""
    source = chosen(table(["test"]), bound(MEANT, HEADER))
    assert list(source.blocks()) == []
    assert source.notices[1] == "visits.csv: 1 row is left out by `when` in the mapping, the first is row 2."


def test_rows_that_are_no_rows_stay() -> None:
    """A row that could not be read may have meant anything: it is reported, not left out."""
    given_ = table(["test", "test", "a"])
    given_.given = [replace(given_.given[0], faults={1: RowFault(Code.TOO_FEW_FIELDS, "x")})]
    (block,) = chosen(given_, bound(MEANT, HEADER)).blocks()
    assert block.rows.tolist() == [3, 4]
    assert {offset: fault.code for offset, fault in block.faults.items()} == {0: "too-few-fields"}


def test_rows_in_doubt_stay() -> None:
    """A row whose condition looks at an Excel error is one that can't be used, with the cell to put right."""
    cells = [Cell("#N/A", CellKind.ERROR), Cell("test"), Cell("", CellKind.FORMULA), Cell("a")]
    (block,) = chosen(table(cells), bound(MEANT, HEADER)).blocks()
    assert block.rows.tolist() == [2, 4, 5]
    assert {offset: (fault.code, fault.column, fault.beyond) for offset, fault in block.faults.items()} == {
        0: ("excel-error", 1, ()),
        1: ("formula-without-value", 1, ()),
    }
    assert (
        block.faults[0].message
        == "A shows an Excel error such as #N/A, so nobody knows whether the row is meant by `when`"
    )
    stored = block.columns[1].stored
    assert stored is not None
    assert stored.kinds.tolist() == [CellKind.ERROR, CellKind.FORMULA, CellKind.TEXT]


@given(st.lists(st.sampled_from(["a", "test", "", "Test"]), max_size=12), st.integers(1, 5))
def test_every_row_is_in_a_block_or_counted(cells: list[str], size: int) -> None:
    """Whatever the blocks, the rows that are meant come once each and in order, and the others are all counted."""
    source = chosen(table(cells, size), bound(MEANT, HEADER))
    blocks = list(source.blocks())
    meant = [place + 2 for place, cell in enumerate(cells) if cell != "test"]
    assert [row for block in blocks for row in block.rows.tolist()] == meant
    assert [block.places[0] for block in blocks] == [sum(map(len, blocks[:at])) for at in range(len(blocks))]
    left_out = cells.count("test")
    assert len(source.notices) == (2 if left_out else 1)
    assert not left_out or f" {left_out} row" in source.notices[1]
