"""Preparing: sources are frozen, opened and bound, and all that is wrong is said before the first row is read."""

from pathlib import Path

import pytest

from importer.errors.mappings import MappingError
from importer.errors.sources import ColumnTwice, HeaderMissing, SourceMissing
from importer.loading import ReadingOptions
from importer.mapping.parsing import parse_mapping
from importer.preparing.sources import ImportOrder, PreparedSource, prepare

from .building import LEAD_AND_EVENT, lines_of


def order(folder: Path, text: str, *names: str, reading: ReadingOptions | None = None) -> ImportOrder:
    """An order to import these files of a folder."""
    sources = tuple(str(folder / name) for name in names)
    return ImportOrder(sources, parse_mapping(text, "visits.yaml"), reading or ReadingOptions(), folder / "out")


def written(folder: Path, name: str, content: str) -> str:
    """A file with this content."""
    (folder / name).write_bytes(content.encode())
    return name


def test_several_sources(tmp_path: Path) -> None:
    """Every source is bound to its own header, in the order in which they were given."""
    first = written(tmp_path, "first.csv", "Lead ID,A\n1,2\n")
    second = written(tmp_path, "second.csv", "A;Lead ID\n1;2\n")
    prepared = prepare(order(tmp_path, LEAD_AND_EVENT, first, second))
    assert [source.position for source in prepared] == [0, 1]
    assert [source.bound.lead.positions for source in prepared] == [(0,), (1,)]
    assert all(isinstance(source, PreparedSource) for source in prepared)


def test_copies(tmp_path: Path) -> None:
    """With a folder for copies, sources are read from there, under the names that the user gave."""
    name = written(tmp_path, "first.csv", "Lead ID\n1\n")
    copies = tmp_path / "copies"
    copies.mkdir()
    (source,) = prepare(order(tmp_path, LEAD_AND_EVENT, name), copies)
    written(tmp_path, name, "X\n")
    assert source.file.path.parent == copies
    assert source.source.place.source == str(tmp_path / name)
    assert [len(block) for block in source.source.blocks()] == [1]


def test_faults_of_all_sources_at_once(tmp_path: Path) -> None:
    """What the mapping lacks in each of the sources is said at once, with all other faults of the mapping."""
    first = written(tmp_path, "first.csv", "Lead Id\n")
    second = written(tmp_path, "second.csv", "Lead ID\n")
    with pytest.raises(MappingError) as refused:
        prepare(order(tmp_path, LEAD_AND_EVENT + "fields: {X: A, Y: {type: date}}\n", first, second))
    assert lines_of(refused.value.faults) == [
        f'2:12: "{tmp_path / first}" has no column "Lead ID". Did you mean "Lead Id"?',
        f'4:13: "{tmp_path / first}" has no column "A". Its columns are Lead Id.',
        f'4:13: "{tmp_path / second}" has no column "A". Its columns are Lead ID.',
        "4:16: This value has no source; give it a column, a constant or a template.",
    ]


def test_a_mapping_with_faults_and_no_source(tmp_path: Path) -> None:
    """If the mapping has faults and a source can't be read, the mapping comes first: it may be the reason."""
    with pytest.raises(MappingError):
        prepare(order(tmp_path, LEAD_AND_EVENT + "nonsense: 1\n", "nowhere.csv"))
    with pytest.raises(SourceMissing):
        prepare(order(tmp_path, LEAD_AND_EVENT, "nowhere.csv"))


def test_columns_that_stand_twice(tmp_path: Path) -> None:
    """A used column that stands twice in any of the sources stops everything."""
    first, second = written(tmp_path, "first.csv", "Lead ID\n"), written(tmp_path, "second.csv", "Lead ID,Lead ID\n")
    with pytest.raises(ColumnTwice, match=r"second\.csv"):
        prepare(order(tmp_path, LEAD_AND_EVENT, first, second))


MAPPING = LEAD_AND_EVENT + 'source: {sheet: Visits, header_row: 2, encoding: cp1252, delimiter: "|", quote_char: "~"}\n'


def test_how_to_read(tmp_path: Path) -> None:
    """An option beats the mapping, the mapping beats detection."""
    assert order(tmp_path, LEAD_AND_EVENT).how_to_read == ReadingOptions()
    assert order(tmp_path, MAPPING).how_to_read == ReadingOptions("Visits", 2, "cp1252", "|", "~")
    said = ReadingOptions("1", 3, "utf-8", ";", "'")
    assert order(tmp_path, MAPPING, reading=said).how_to_read == said
    assert order(tmp_path, MAPPING, reading=ReadingOptions(header_row=5)).how_to_read == ReadingOptions(
        "Visits", 5, "cp1252", "|", "~"
    )


def test_it_is_read_so(tmp_path: Path) -> None:
    """What the mapping says about reading is done, unless an option says otherwise."""
    (tmp_path / "first.csv").write_bytes("title\nLead ID|Ort, Straße\n1|Köln\n".encode("cp1252"))
    (source,) = prepare(order(tmp_path, MAPPING, "first.csv"))
    assert source.source.header.names == ("Lead ID", "Ort, Straße")
    with pytest.raises(HeaderMissing):
        prepare(order(tmp_path, MAPPING, "first.csv", reading=ReadingOptions(header_row=9)))
    with pytest.raises(MappingError, match="line 2 looks like the header, not line 1"):
        prepare(order(tmp_path, MAPPING, "first.csv", reading=ReadingOptions(header_row=1)))
