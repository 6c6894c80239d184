"""Nasty files: from each come just the cells, faults and notices, or the refusal, that its other half says."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from importer.blocks import Cell, CellKind, column_letter
from importer.errors.base import ImporterError
from importer.loading import ReadingOptions, Source, freeze, open_source

FILES = Path(__file__).with_name("files")
NAMES = sorted(path.name.removesuffix(".json") for path in FILES.glob("*.json"))


def opened(name: str, said: dict[str, Any]) -> Source:
    """The source, read as the case says."""
    options = ReadingOptions(**said.get("options", {}))
    return open_source(freeze(str(FILES / name), options.encoding), options)


def found(source: Source) -> dict[str, Any]:
    """What was read, in the words of an expectation."""
    rows: list[Any] = []
    faults: dict[str, Any] = {}
    for block in source.blocks():
        for offset, number in enumerate(block.rows):
            rows.append([int(number), [_as_expected(cell) for cell in block.cells(offset)]])
        for offset, fault in block.faults.items():
            letter = "" if fault.column is None else column_letter(fault.column)
            faults[str(block.rows[offset])] = [fault.code, letter]
    return {"header": list(source.header.names), "header_row": source.header.row, "rows": rows, "faults": faults}


def _as_expected(cell: Cell) -> str | list[str]:
    return cell.shown if cell.kind is CellKind.TEXT else [cell.shown, cell.kind.name, cell.stored]


@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_file(name: str) -> None:
    """A file of the corpus gives what is written down for it, and nothing else."""
    said = json.loads((FILES / f"{name}.json").read_text(encoding="ascii"))
    if "refused" in said:
        code, words = said["refused"]
        with pytest.raises(ImporterError) as refused:
            list(opened(name, said).blocks())
        assert refused.value.code == code
        assert words in str(refused.value)
        return
    source = opened(name, said)
    assert found(source) == {"faults": {}, **{key: said[key] for key in said if key not in ("options", "notices")}}
    for words in said.get("notices", ()):
        assert any(words in notice for notice in source.notices), source.notices


def test_there_are_enough_of_them() -> None:
    """The corpus has files of all kinds that are read, and every one has its expectation."""
    assert len(NAMES) >= 80
    assert {path.name for path in FILES.iterdir()} == {*NAMES, *(f"{name}.json" for name in NAMES)}


@pytest.mark.parametrize("kind", ["csv", "excel", "opendocument", "old_excel"])
def test_the_corpus_is_what_its_script_makes(kind: str) -> None:
    """Nobody has changed a file or an expectation by hand."""
    if kind == "old_excel":
        pytest.importorskip("xlwt", reason="only who changes its .xls files needs what writes them")
    for case in import_module(f"tests.corpus.{kind}_cases").CASES:
        assert (FILES / case.name).read_bytes() == case.content, case.name
        assert json.loads((FILES / f"{case.name}.json").read_text(encoding="ascii")) == case.expected(), case.name
