"""The text of a mapping file: read as far as it says what it is, else told what it probably is."""

from pathlib import Path

import pytest

from importer.errors.mappings import MappingUnreadable
from importer.mapping.parsing import read_mapping
from tests.conftest import Command
from tests.rows import MAPPING, visit, write_csv

from .building import LEAD_AND_EVENT

TEXT = f"{LEAD_AND_EVENT}name: Besuche in Köln\n"


def refusal(path: Path) -> str:
    """What is said of a mapping file."""
    with pytest.raises(MappingUnreadable) as refused:
        read_mapping(str(path))
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_byte_order_mark_is_believed(encoding: str, tmp_path: Path) -> None:
    """`init FILE > m.yaml` in PowerShell writes UTF-16 with its mark: that is read like UTF-8."""
    path = tmp_path / "m.yaml"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path.write_bytes((mark + TEXT.replace("\n", "\r\n")).encode(encoding))
    document = read_mapping(str(path))
    assert (document.faults, document.name) == ((), "Besuche in Köln")
    assert document.text.startswith("version")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TEXT.encode("cp1252"), "line 4 is not UTF-8 text; it is probably cp1252"),
        (TEXT.encode("utf-16-le"), "line 1 is not UTF-8 text; it is probably utf-16-le"),
        (TEXT.encode("utf-16-be"), "line 1 is not UTF-8 text; it is probably utf-16-be"),
        (TEXT.encode() + b"\xff\x81", "line 5 is not UTF-8 text."),
        (TEXT.encode("utf-16")[:-1], "line 4 is not UTF-8 text."),
    ],
)
def test_another_encoding_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    """What is not UTF-8 is refused with the line, what it probably is, and how to save it."""
    path = tmp_path / "m.yaml"
    path.write_bytes(content)
    assert words in refusal(path)
    assert "Save it as UTF-8" in refusal(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04...", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
        (b"Lead ID,Visit Date\n1,2\n", "a CSV file"),
        ("Lead ID;Visit: Date\n1;2\n".encode("utf-16"), "a CSV file"),
        (b"A\tB\r\n\r\n1\t2\r\n", "a CSV file"),
    ],
)
def test_a_spreadsheet_is_no_mapping(content: bytes, what: str, tmp_path: Path) -> None:
    """Who gives the spreadsheet in the place of the mapping is told that, and how both are given."""
    path = tmp_path / "data"
    path.write_bytes(content)
    assert f"it is {what}" in refusal(path)
    assert "swapped" in refusal(path)


@pytest.mark.parametrize("text", ["", "\n", "a: 1, 2\nb: 3, 4\n", "{lead: x,\n y: z}", "# one, two\nversion: 1"])
def test_no_mapping_is_called_a_spreadsheet(text: str, tmp_path: Path) -> None:
    """A file that has or could have keys is looked at as a mapping, whatever is wrong with it."""
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_mapping(str(path)).model is None


def test_a_misspelt_name(lsq_import: Command, tmp_path: Path) -> None:
    """Where there is no such mapping, the nearest one beside it is named; a spreadsheet never is."""
    write_csv(tmp_path / "visits.csv", [visit(1)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    near = lsq_import("validate", "visits.csv", "-m", "visits.yam")
    assert near.code == 2
    assert 'there is no such file. Did you mean "visits.yaml"?' in near.err
    far = lsq_import("validate", "visits.csv", "-m", "visitz.csv")
    assert "visits.csv" not in far.err
    assert "lsq-import init" in far.err


def test_swapped_files(lsq_import: Command, tmp_path: Path) -> None:
    """The mapping as source and the source as mapping end with the way to put them right."""
    write_csv(tmp_path / "visits.csv", [visit(1)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    ran = lsq_import("validate", "visits.yaml", "-m", "visits.csv")
    assert ran.code == 2
    assert "lsq-import run visits.csv -m visits.yaml" in ran.err
