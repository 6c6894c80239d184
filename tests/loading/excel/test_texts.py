"""Texts: shared and inline, with runs, readings, escapes and white space."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading.excel.texts import unescaped

from .workbooks import RawWorkbook, first_cell, value

TEXTS = [
    ("<t>word</t>", "word"),
    ("<t/>", ""),
    ("", ""),
    ('<t xml:space="preserve"> two words </t>', " two words "),
    ("<t> two words </t>", "two words"),
    ("<t>\n  indented\n</t>", "indented"),
    ('<r><t>rich</t></r><r><rPr><b/></rPr><t xml:space="preserve"> text</t></r>', "rich text"),
    ('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>', "東京"),
    ("<t>a_x000D_b</t>", "a\rb"),
    ("<t>a_x005F_x000D_b</t>", "a_x000D_b"),
    ("<t>_xD83D__xDE00_</t>", "\N{GRINNING FACE}"),
    ("<t>_xD83D_</t>", "\N{REPLACEMENT CHARACTER}"),
    ("<t>_x00g0_ _x12_</t>", "_x00g0_ _x12_"),
    ("<t>a&lt;b &amp; c&#10;d</t>", "a<b & c\nd"),
    ("<t><![CDATA[<raw>]]></t>", "<raw>"),
    ("<t>one<!-- not --> two</t>", "one two"),
]


@pytest.mark.parametrize(("markup", "expected"), TEXTS)
def test_shared_texts(tmp_path: Path, markup: str, expected: str) -> None:
    """A shared text is its runs joined, without readings and escapes, with the white space that it preserves."""
    book = RawWorkbook(shared=["<t>other</t>", markup, "<t>another</t>"])
    assert first_cell(tmp_path, value("1", 't="s"') + "<c><f>A1</f></c>", book).shown == expected


@pytest.mark.parametrize(("markup", "expected"), TEXTS)
def test_inline_texts(tmp_path: Path, markup: str, expected: str) -> None:
    """A text within its cell is read as a shared one is."""
    found = first_cell(tmp_path, f'<c t="inlineStr"><is>{markup}</is></c><c><f>A1</f></c>')
    assert found.shown == expected


def test_texts_of_formulas(tmp_path: Path) -> None:
    """The text of a formula has its escapes resolved and its white space kept."""
    assert first_cell(tmp_path, '<c t="str"><f>A1</f><v> a_x000D_b </v></c>').shown == " a\rb "


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaping_is_undone(text: str) -> None:
    """A text whose underscores are escaped comes back as it was."""
    assert unescaped(text.replace("_", "_x005F_")) == text
