"""Numbers that a spreadsheet has shortened are told of where they would be posted as text."""

from pathlib import Path

import pytest

from importer.loading import ReadingOptions
from importer.mapping.parsing import read_mapping
from importer.preparing.sources import ImportOrder, prepare
from tests.rows import MAPPING, visit, write_csv


def notices(folder: Path, *phones: str) -> list[str]:
    """What is told of a file with these phone numbers when it was read."""
    (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    path = write_csv(folder / "visits.csv", [visit(number, Phone=phone) for number, phone in enumerate(phones)])
    order = ImportOrder((str(path),), read_mapping(str(folder / "visits.yaml")), ReadingOptions(), folder)
    (prepared,) = prepare(order)
    assert sum(len(block) for block in prepared.source.blocks()) == len(phones)
    return [notice for notice in prepared.source.notices if "9.19845E+11" in notice]


@pytest.mark.parametrize("phone", ["9.19845E+11", "9.2E+09", "9E+11", "9.19845e11"])
def test_a_shortened_number_is_told_of(phone: str, tmp_path: Path) -> None:
    """With its column, how many there are, and what is to be done."""
    (notice,) = notices(tmp_path, "+919845098450", phone, phone)
    assert ": 2 of the first 3 rows have numbers like 9.19845E+11 in Phone: " in notice
    assert "export the file anew" in notice


def test_all_else_is_text(tmp_path: Path) -> None:
    """Codes with an E in them, and numbers in full."""
    assert not notices(tmp_path, "+919845098450", "9845098450", "E+11", "1E+1", "12E+11", "9.1E+11 x", "")
