"""Cells that no spreadsheet runs, and that every reader of CSV gives back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.reporting.delimited import record
from importer.text_files.formulas import neutralised, runs_as_formula

CELLS = st.text(max_size=20)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+919845098450",
        "-5",
        "@x",
        "\t=1",
        "\rx",
        "\n",
        "\0",
        " =1",
        "\u00a0@x",
        "\ufeff+1",
        "\uff1d1",
        "\uff0d5",
        "\uff0b1",
        "\uff20x",
    ],
)
def test_what_begins_like_a_formula_is_seen_as_one(text: str) -> None:
    """Signs, wide signs, and signs behind blanks or control characters count; OWASP names them all."""
    assert runs_as_formula(text)
    assert neutralised(text) == "'" + text


@pytest.mark.parametrize("text", ["", "0419", "a=1", "'=1", "2026-01-01", "x@y.example", "१२"])
def test_what_begins_otherwise_is_left_alone(text: str) -> None:
    """Nothing is added to cells that no spreadsheet runs."""
    assert neutralised(text) == text


@given(CELLS)
def test_a_neutralised_cell_never_runs(text: str) -> None:
    """Whatever the text, what is written does not begin like a formula."""
    assert not runs_as_formula(neutralised(text))


@given(st.lists(CELLS.filter(lambda text: "\0" not in text), min_size=1, max_size=5), st.sampled_from(",;\t|"))
def test_records_come_back_field_for_field(fields: list[str], delimiter: str) -> None:
    """Any reader of CSV gives back what was written, quotation marks, delimiters and line ends included."""
    text = record(fields, delimiter)
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert read == [fields if fields != [""] else []]
