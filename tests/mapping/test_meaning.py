"""What a mapping means: the same in every process, another after each change that makes other rows of the cells."""

import os
import subprocess
import sys
from pathlib import Path

from importer.mapping.meaning import meaning_of

from .building import bound

MAPPING = """\
version: 1
lead: {id: A}
activity: {event: 201, owner: {column: B, type: email}, process_files_async: true, validate_dropdown_options: true}
fields:
  X: {column: A, choices: [a, b], max_length: 5, map: {c: a}}
  Y: {column: B, type: datetime, formats: [dd/mm/yyyy], timezone: {column: A, default: Asia/Kolkata}}
  Z: {template: "{A} and {B}", when: {column: A, is: [a, b]}}
  P: {column: B, type: phone, country_code: "91"}
  N: {column: B, type: decimal, number: {decimal: ","}}
  T: {column: B, type: boolean, words: {true: [ja], false: [nein]}}
rules:
  - {unique: [A, B]}
"""
CHANGES = {
    "event: 201": "event: 202",
    "choices: [a, b]": "choices: [a, b, d]",
    "max_length: 5": "max_length: 6",
    "{c: a}": "{c: b}",
    "dd/mm/yyyy": "mm/dd/yyyy",
    "Asia/Kolkata": "Asia/Dubai",
    "{A} and {B}": "{B} and {A}",
    "is: [a, b]": "is_not: [a, b]",
    '"91"': '"92"',
    'decimal: ","': 'decimal: "."',
    "[ja]": "[si]",
    "{unique: [A, B]}": "{any_of: [A, B]}",
    "X: {column: A,": "X: {column: B,",
    "  N:": "  M:",
}


def meaning(text: str) -> bytes:
    """Of a mapping for a source of two columns."""
    return meaning_of(bound(text, ("A", "B")))


def test_every_change_changes_it() -> None:
    """Whatever makes other rows of the same cells; and nothing that does not."""
    assert all(MAPPING.count(before) == 1 for before in CHANGES)
    changed = [meaning(MAPPING.replace(before, after)) for before, after in CHANGES.items()]
    assert len({meaning(MAPPING), *changed}) == 1 + len(CHANGES)
    assert meaning("# a comment\n" + MAPPING) == meaning(MAPPING)


def test_it_is_the_same_in_every_process(tmp_path: Path) -> None:
    """Whatever order a process has for its sets."""
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    program = (
        "import sys; from importer.mapping.meaning import meaning_of; from tests.mapping.building import bound;"
        "print(meaning_of(bound(open(sys.argv[1]).read(), ('A', 'B'))).hex())"
    )
    told = {
        subprocess.run(  # noqa: S603  # the interpreter we are in
            [sys.executable, "-c", program, str(tmp_path / "mapping.yaml")],
            capture_output=True,
            check=True,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("0", "1", "2")
    }
    assert told == {meaning(MAPPING).hex()}
