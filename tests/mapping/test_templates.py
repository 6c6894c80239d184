"""Templates: cells go in once, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.templates import TemplateFault, template_columns, template_pieces

from .building import LEAD, LEAD_AND_EVENT, bodies


def filled(template: str, **cells: str) -> str | None:
    """A note from a template."""
    text = LEAD_AND_EVENT.replace("event: 201", f"event: 201, note: {{template: '{template}'}}")
    (body,) = bodies(text, {"Lead ID": [LEAD]} | {name: [cell] for name, cell in cells.items()})
    note = body.get("ActivityNote")
    assert note is None or isinstance(note, str)
    return note


@pytest.mark.parametrize(
    ("template", "note"),
    [
        ("{A}: {B}", "one: two"),
        ("{A}{B}{A}", "onetwoone"),
        ("no cells", "no cells"),
        ("{{A}}", "{A}"),
        ("{{{A}}}", "{one}"),
        ("{{{{{A}}}}}", "{{one}}"),
        ("{ A }", "one"),
        ("}}{{", "}{"),
        ("a}}b{{c", "a}b{c"),
        ("%(A)s $A {A}", "%(A)s $A one"),
        (" {A} ", " one "),
    ],
)
def test_cells_go_in(template: str, note: str) -> None:
    """A column in braces is replaced by its cell; doubled braces are braces."""
    assert filled(template, A="one", B="two") == note


PAYLOADS = [
    "{0.__class__}",
    "{A}",
    "{B}",
    "{{7*7}}",
    "{{",
    "}",
    "${jndi:ldap://x}",
    "%s %(A)s",
    "$A",
    "\\1 \\g<0>",
    "#{7*7}",
    "<%= 7*7 %>",
    "`id`",
    "; DROP TABLE leads",
    '"}]',
    "\\u0041",
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_as_they_are(payload: str) -> None:
    """What a cell holds is never looked at again, be it a template, a format or a command."""
    assert filled("{A}|{B}", A=payload, B="two") == f"{payload}|two"
    assert filled("{B}|{A}", A=payload, B=payload) == f"{payload}|{payload}"


@given(st.text(), st.text())
def test_any_cells(one: str, two: str) -> None:
    """Any texts go in as they are; where all are empty and nothing stands between, nothing is posted."""
    assert filled("{A}{B}", A=one, B=two) == (one + two or None)
    assert filled("{A}-{B}", A=one, B=two) == f"{one}-{two}"


def test_empty_cells() -> None:
    """An empty cell is an empty text."""
    assert filled("{A}: {B}", A="", B="") == ": "
    assert filled("{A}{B}", A="", B="x") == "x"
    assert filled("{A}{B}", A="", B="") is None


@pytest.mark.parametrize("template", ["{A", "A}", "{}", "{ }", "{A}}", "{{A}", "{a{b}}", "{", "}", "{{}", "{A}{"])
def test_braces_that_do_not_fit(template: str) -> None:
    """A single brace, or a pair with nothing in it, is a fault."""
    with pytest.raises(TemplateFault):
        template_pieces(template)


@pytest.mark.parametrize("name", ["Store Code", "0", "a.b", "a[0]", "A!r", "A:>10", "é", "(x)", "A,B", "'"])
def test_any_name_is_a_column(name: str) -> None:
    """What stands between braces is the name of a column and nothing else: no attribute, no index, no conversion."""
    assert template_columns(f"x {{{name}}} {{{name}}} {{B}}") == (name, "B")


@given(st.lists(st.tuples(st.booleans(), st.text(min_size=1)), max_size=6))
def test_any_template(pieces: list[tuple[bool, str]]) -> None:
    """Texts with their braces doubled, and names in braces, are taken apart into the same texts and names."""
    names = [
        (is_column, text) for is_column, text in pieces if not is_column or (text.strip() and not set(text) & set("{}"))
    ]
    template = "".join(
        "{" + text + "}" if is_column else text.replace("{", "{{").replace("}", "}}") for is_column, text in names
    )
    merged: list[tuple[bool, str]] = []
    for is_column, text in names:
        if merged and not is_column and not merged[-1][0]:
            merged[-1] = (False, merged[-1][1] + text)
        else:
            merged.append((is_column, text))
    assert list(template_pieces(template)) == merged
