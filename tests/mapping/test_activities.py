"""Activities: one for each good row, in order, each with the key that names it for ever."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from importer.fingerprints import keyed_digest, token_of
from importer.mapping.activities import ActivityMapper
from importer.validation import Validator

from .building import LEAD, SALT, SCOPE, activities, block_of, bound

MAPPING = """
version: 1
lead: {id: Lead ID}
activity: {event: 201, note: A}
fields:
  mx_Custom_1: A
  mx_Custom_2: B
  mx_Custom_10: {fields: {Status: A, mx_CustomObject_1: B}}
"""
OTHER_ORDER = """
fields:
  mx_Custom_10: {fields: {mx_CustomObject_1: B, Status: {column: A}}}
  mx_Custom_2: {column: B, type: text}
  mx_Custom_1: {required: false, column: A}
activity: {note: A, event: 201}
lead: {id: {column: Lead ID}, route: bulk_by_lead_id}
name: another name
import_key: note
version: 1
"""


def keys(text: str = MAPPING, scope: bytes = SCOPE, lead: str = LEAD, **cells: list[str]) -> list[bytes]:
    """The keys of rows with these cells."""
    count = len(cells["A"])
    return [activity.key for activity in activities(text, {"Lead ID": [lead] * count, **cells}, scope)]


def test_golden_keys() -> None:
    """The keys of these rows are the same for ever: if they change, an upgrade imports everything a second time."""
    found = keys(A=["x", "", "x"], B=["é😀", "", "é😀"])
    assert [key.hex() for key in found] == [
        "f1a2926aeab33d211407d5fad3e18e14",
        "48e023b819c2644a160acd1e78d0d511",
        "9e8cbb5c480912892effc18e1588a040",
    ]
    named = keys(MAPPING + "duplicates: {key: [A, Lead ID]}\n", A=["x", " x "], B=["1", "2"])
    assert [key.hex() for key in named] == ["87ef60a8400e1c2145d57f357b2fbd3f", "994b404c5bec596a3f1ba359565b19b7"]


def test_what_the_golden_keys_are_made_of() -> None:
    """A key is a digest of account, event and all that is posted, by place; the second of equals adds its number."""
    posted = (
        '{"activity.note":"x","fields.mx_Custom_1":"x","fields.mx_Custom_10.fields.Status":"x",'
        '"fields.mx_Custom_10.fields.mx_CustomObject_1":"é","fields.mx_Custom_2":"é",'
        f'"lead.id":"{LEAD}"}}'
    )
    first = keyed_digest(SALT, SCOPE, b"201", b"activity", posted.encode())
    assert keys(A=["x", "x"], B=["é", "é"]) == [first, keyed_digest(SALT, first, b"2")]
    named = keyed_digest(SALT, SCOPE, b"201", b"columns", f"1:x:36:{LEAD}".encode())
    assert keys(MAPPING + "duplicates: {key: [A, Lead ID]}\n", A=[" x"], B=["1"]) == [named]


def test_the_order_of_the_mapping_does_not_matter() -> None:
    """A mapping whose keys are written in another order, or with more words, names the same activities."""
    cells = {"A": ["x", "y", "x"], "B": ["1", "", "1"]}
    assert keys(MAPPING, A=cells["A"], B=cells["B"]) == keys(OTHER_ORDER, A=cells["A"], B=cells["B"])


def test_the_order_of_the_columns_does_not_matter() -> None:
    """Columns that are moved, renamed together with the mapping, or added beside, name the same activities."""
    before = keys(A=["x"], B=["1"])
    assert keys(B=["1"], A=["x"], C=["new"]) == before
    assert keys(MAPPING.replace("B", "C"), A=["x"], C=["1"]) == before


def test_what_a_key_depends_on() -> None:
    """Account, lead, event, note and every field have a say in the key."""
    base = keys(A=["x"], B=["1"])
    others = [
        keys(scope=b"another account|", A=["x"], B=["1"]),
        keys(lead=LEAD.replace("2", "3"), A=["x"], B=["1"]),
        keys(MAPPING.replace("201", "202"), A=["x"], B=["1"]),
        keys(A=["y"], B=["1"]),
        keys(A=["x"], B=["2"]),
        keys(A=["x"], B=[""]),
        keys(A=["1"], B=["x"]),
        keys(MAPPING.replace("mx_Custom_2", "mx_Custom_3"), A=["x"], B=["1"]),
        keys(MAPPING.replace("mx_Custom_2: B", "mx_Custom_2: B\n  mx_Custom_3: {constant: new}"), A=["x"], B=["1"]),
    ]
    assert len({*base, *(key for (key,) in others)}) == 1 + len(others)


def test_what_is_posted_counts_and_not_how_it_was_written() -> None:
    """Cells that are posted alike name the same activity, be it `1,234` or `1234`."""
    text = MAPPING.replace("mx_Custom_2: B", 'mx_Custom_2: {column: B, type: integer, number: {thousands: ","}}')
    text = text.replace(", mx_CustomObject_1: B", "")
    assert keys(text, A=["x"], B=["1,234"]) == keys(text, A=["x"], B=[" 1234 "]) == keys(text, A=["x"], B=["+1234"])


def test_named_columns() -> None:
    """With `duplicates`, only the columns that it names have a say, without white space at their ends."""
    text = MAPPING + "duplicates: {key: [A, B]}\n"
    base = keys(text, A=["x"], B=["1"])
    assert keys(text, A=[" x\u00a0"], B=["1 "]) == base
    assert keys(text, lead=LEAD.replace("2", "3"), A=["x"], B=["1"]) == base
    assert keys(text.replace("note: A", "note: B"), A=["x"], B=["1"]) == base
    assert keys(text, A=["x1"], B=[""]) != base
    assert keys(text, A=[""], B=["x1"]) != keys(text, A=["x1"], B=[""])
    assert keys(text.replace("201", "202"), A=["x"], B=["1"]) != base
    assert keys(A=["x"], B=["1"]) != base


CELLS = st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from(["", "1"])), min_size=1, max_size=6)


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_equal_rows(tables: list[list[tuple[str, str]]]) -> None:
    """Two honest equal rows are two activities, and the same two whenever the file is read, in whatever blocks."""
    mapping = bound(MAPPING, ("Lead ID", "A", "B"))
    mapper, found = ActivityMapper(mapping, SALT, SCOPE), []
    for table in tables:
        block = block_of({"Lead ID": [LEAD] * len(table), "A": [a for a, _ in table], "B": [b for _, b in table]})
        checked = Validator(mapping).check(block)
        for part in mapper.activities(block, checked.readings, checked.good, np.arange(len(table))):
            found += part
    rows = [row for table in tables for row in table]
    at_once = keys(A=[a for a, _ in rows], B=[b for _, b in rows])
    assert [activity.key for activity in found] == at_once
    assert len(set(at_once)) == len(rows)
    # Rows that are put in another order have, all together, the same keys.
    moved = sorted(rows)
    assert set(keys(A=[a for a, _ in moved], B=[b for _, b in moved])) == set(at_once)


def test_rows_added_below() -> None:
    """A file that has grown has the keys it had, and new ones."""
    before = keys(A=["x", "x", "y"], B=["1", "1", ""])
    assert keys(A=["x", "x", "y", "x", "z"], B=["1", "1", "", "1", ""])[:3] == before


def test_good_rows_only() -> None:
    """Bad rows make no activities; the others keep their place among all rows of the run."""
    text = MAPPING + "import_key: {field: mx_Custom_15}\n"
    mapping = bound(text, ("Lead ID", "A", "B"))
    block = block_of({"Lead ID": ["bad", LEAD, "", LEAD], "A": ["1", "2", "3", "4"], "B": [""] * 4})
    checked = Validator(mapping).check(block)
    (found,) = ActivityMapper(mapping, SALT, SCOPE).activities(
        block, checked.readings, checked.good, np.arange(100, 104)
    )
    assert [activity.ordinal for activity in found] == [101, 103]
    assert [json.loads(activity.body)["ActivityNote"] for activity in found] == ["2", "4"]
    assert [json.loads(activity.body)["Fields"][-1]["Value"] for activity in found] == [
        token_of(activity.key) for activity in found
    ]


def test_no_good_rows() -> None:
    """A block without a good row makes nothing."""
    assert activities(MAPPING, {"Lead ID": ["bad"], "A": [""], "B": [""]}) == []


def test_leads() -> None:
    """Every activity says which lead it is addressed to, be it in a cell or the same for all."""
    assert [activity.lead for activity in activities(MAPPING, {"Lead ID": [f" {LEAD} "], "A": [""], "B": [""]})] == [
        LEAD
    ]
    fixed = f"version: 1\nlead: {{id: {{constant: {LEAD}}}}}\nactivity: {{event: 201}}\n"
    assert [activity.lead for activity in activities(fixed, {"A": ["1", "2"]})] == [LEAD, LEAD]
    by_attribute = """
version: 1
lead: {route: lead_and_activity, search_by: Phone, attributes: {FirstName: A, Phone: B}}
activity: {event: 201}
"""
    assert [activity.lead for activity in activities(by_attribute, {"A": ["Asha"], "B": ["98450 98450"]})] == [
        "98450 98450"
    ]


def test_a_mapping_of_constants_only() -> None:
    """Rows of which nothing is posted are activities all the same, one for each row."""
    fixed = f"version: 1\nlead: {{id: {{constant: {LEAD}}}}}\nactivity: {{event: 201}}\n"
    found = activities(fixed, {"A": ["1", "2"]})
    assert len({activity.key for activity in found}) == 2
    assert {activity.body for activity in found} == {f'{{"RelatedProspectId":"{LEAD}","ActivityEvent":201}}'.encode()}
