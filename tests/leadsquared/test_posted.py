"""What was posted for a row, taken from its body again."""

import json

import pytest

from importer.leadsquared.found import FoundActivity
from importer.leadsquared.posted import posted_of

LEAD = "2bf6a491-c144-4ac9-90f9-f52b6fc44413"
SET = [{"Attribute": "Status", "Value": "Pending"}, {"Attribute": "mx_CustomObject_1", "Value": ""}]


def body(status: str = "Pending") -> bytes:
    """A row with a custom field set."""
    inner = [{**SET[0], "Value": status}, SET[1]]
    fields = [{"SchemaName": "mx_Custom_10", "Value": "", "Fields": inner}]
    return json.dumps({"RelatedProspectId": LEAD, "ActivityEvent": 201, "Fields": fields}).encode()


def test_rows_with_custom_field_sets_can_be_told_apart() -> None:
    """Rows in doubt are kept in sets by their content, so all of it has a place there, a field set too."""
    assert {posted_of(body()), posted_of(body())} == {posted_of(body())}
    assert posted_of(body()) != posted_of(body("Done"))


@pytest.mark.parametrize(("shown", "same"), [("Pending", True), ("Done", False)])
def test_a_custom_field_set_is_compared_field_by_field(shown: str, same: bool) -> None:
    """It is read back as JSON within a text, with more fields than were posted (page 004)."""
    text = json.dumps({"Status": shown, "ModifiedByName": "somebody"})
    found = FoundActivity(
        id="x", lead=LEAD, event="201", note="", created_on="", modified_on="", fields={"mx_Custom_10": text}, texts=""
    )
    assert posted_of(body()).shows_in(found) is same
