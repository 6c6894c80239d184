"""Mapping files: read from the disk, and understood as far as they can be."""

import hashlib
from pathlib import Path

import pytest

from importer.errors.base import ExitCode
from importer.errors.mappings import MappingError, MappingUnreadable
from importer.leadsquared.routes import RouteName
from importer.mapping.parsing import read_mapping

from .building import LEAD_AND_EVENT, mapping
from .test_bodies import CONTRACT


def test_a_file(tmp_path: Path) -> None:
    """A mapping file knows its text and its SHA-256; a byte-order mark is no part of it."""
    path = tmp_path / "visits.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAD_AND_EVENT.replace("\n", "\r\n").encode())
    document = read_mapping(str(path))
    assert document.usable().activity.event == 201
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.faults == ()


def test_names(tmp_path: Path) -> None:
    """A mapping is called by its own name, else by that of its file."""
    path = tmp_path / "store-visits.yaml"
    path.write_text(LEAD_AND_EVENT)
    assert read_mapping(str(path)).name == "store-visits"
    path.write_text(LEAD_AND_EVENT + "name: visits of May\n")
    assert read_mapping(str(path)).name == "visits of May"
    path.write_text("name: [x")
    assert read_mapping(str(path)).name == "store-visits"


def test_files_that_are_no_text(tmp_path: Path) -> None:
    """A mapping file that is not UTF-8 is refused with the place."""
    path = tmp_path / "visits.yaml"
    path.write_bytes(b"version: 1\n\xff")
    with pytest.raises(MappingUnreadable, match="line 2 is not UTF-8 text") as refused:
        read_mapping(str(path))
    assert refused.value.exit_code is ExitCode.NOT_STARTED


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A mapping file that is missing, or is a folder, is refused with the reason."""
    for path in (tmp_path / "visits.yaml", tmp_path):
        with pytest.raises(MappingUnreadable, match="can't be read"):
            read_mapping(str(path))


def test_the_promised_mapping() -> None:
    """Every key of the documentation's example is understood."""
    model = mapping(CONTRACT).usable()
    assert (model.version, model.name) == (1, "site-visits")
    assert model.source.model_dump() == {
        "sheet": "Visits",
        "header_row": 1,
        "encoding": "utf-8",
        "delimiter": ",",
        "quote_char": None,
    }
    assert model.lead.route is RouteName.BULK_BY_LEAD_ID
    assert model.activity.event == 201
    assert list(model.fields) == [f"mx_Custom_{number}" for number in (1, 2, 3, 5, 8, 9, 10)]
    assert model.duplicates
    assert model.duplicates.key == ["Lead ID", "Visit Date"]


def test_faulty_documents_are_not_usable() -> None:
    """A mapping with faults has no model, and says all of them when it is asked for one."""
    document = mapping(LEAD_AND_EVENT + "fields: {X: {type: integr}}\n")
    assert document.model is None
    with pytest.raises(MappingError) as refused:
        document.usable()
    assert refused.value.faults == tuple(sorted(document.faults))
    assert "The mapping has 2 faults; nothing was read or sent." in str(refused.value)


@pytest.mark.parametrize(
    ("text", "header_row"),
    [
        (LEAD_AND_EVENT + "source: {header_row: 4}\n", 4),
        ("source: {header_row: 4}\nnonsense: 1\n", 4),
        ("source: {header_row: 4, encoding: utf-9}\n", None),
        ("source: Visits\n", None),
        ("source:\n", None),
        ("[x]", None),
        ("source: {header_row: 4", None),
    ],
)
def test_how_to_read_sources(text: str, header_row: int | None) -> None:
    """What is said about reading the source counts even if the rest has faults, so that columns can be looked for."""
    assert mapping(text).source_section().header_row == header_row


@pytest.mark.parametrize(
    ("written", "delimiter"),
    [
        ('","', ","),
        ("';'", ";"),
        ('"\\t"', "\t"),
        ("\\t", "\t"),
        ("tab", "\t"),
        ("'|'", "|"),
        ("bar", "|"),
        ("semicolon", ";"),
        ("Comma", ","),
        ("'~'", "~"),
        ("~", None),
    ],
)
def test_delimiters(written: str, delimiter: str | None) -> None:
    """A delimiter is one character, or is called by its name."""
    assert mapping(LEAD_AND_EVENT + f"source: {{delimiter: {written}}}\n").usable().source.delimiter == delimiter


@pytest.mark.parametrize("word", ["true", "yes", "True", "YES", "on", "1"])
def test_words_for_yes(word: str) -> None:
    """Where the model asks for a yes or no, the usual words are understood."""
    lead = f"{{route: single_by_lead_id, id: Lead ID, include_score: {word}}}"
    text = f"version: 1\nlead: {lead}\nactivity: {{event: 201}}\n"
    assert mapping(text).usable().lead.include_score is True
