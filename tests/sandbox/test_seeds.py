"""The demonstration account, and seeds in files."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from importer.sandbox.account import NoUserError, Seed, SeedFileError, SeedIdError
from importer.sandbox.seeds import (
    IMPORT_KEY_FIELD,
    deleted_leads,
    demo_activity_types,
    demo_lead_fields,
    demo_leads,
    demo_seed,
    demo_users,
)

from .calling import BY_LEAD_ID, RETRIEVE, Start, visit


def test_the_demo_account_is_always_the_same() -> None:
    """The same lead number is the same lead, today and in every release."""
    assert demo_leads(400)[:10] == demo_leads(10)
    first = demo_leads(1)[0]
    assert first.id == "a5bfbac4-92de-580e-8d85-6d3915aac678"
    assert (first.email, first.phone, first.mobile) == (
        "aditi.agarwal1@example.com",
        "+91-9100007919",
        "+91-9500006007",
    )


def test_demo_leads_differ_in_everything_that_is_unique() -> None:
    """400 leads have 400 ids, e-mail addresses, phones, mobiles and customer numbers; none of them is deleted."""
    leads = demo_leads()
    unique = [field.schema_name for field in demo_lead_fields() if field.unique]

    assert len({lead.id for lead in leads} - set(deleted_leads())) == 400
    assert unique == ["EmailAddress", "Phone", "Mobile", "mx_Customer_Number"]
    for name in unique:
        assert len({lead.attributes[name] for lead in leads}) == 400
    assert all(re.fullmatch(r"\+91-9\d{9}", number) for lead in leads for number in (lead.phone, lead.mobile))
    assert all(lead.email.endswith("@example.com") for lead in leads)


def test_every_demo_type_can_hold_an_import_key() -> None:
    """Each type has fifteen fields, a drop-down, a number and a moment among them, and the import key as plain text."""
    for each in demo_activity_types():
        assert [field.schema_name for field in each.fields] == [f"mx_Custom_{n}" for n in range(1, 16)]
        assert {"SearchableDropdown", "Number", "DateTime"} <= {field.data_type for field in each.fields}
        key = each.field(IMPORT_KEY_FIELD)
        assert key is not None
        assert (key.display_name, key.data_type, key.max_length, key.mandatory) == ("Import key", "String", 200, False)


def test_the_loan_application_has_a_field_set() -> None:
    """mx_Custom_10 of type 204 holds Status and four custom objects."""
    field = demo_activity_types()[3].field("mx_Custom_10")

    assert field is not None
    assert field.parts == ("Status", *(f"mx_CustomObject_{n}" for n in range(1, 5)))


def test_a_seed_comes_back_from_its_file(tmp_path: Path) -> None:
    """What was saved is loaded as it was."""
    demo_seed().save(tmp_path / "seed.json")

    assert Seed.load(tmp_path / "seed.json") == demo_seed()


def test_a_small_seed_file_is_enough(start: Start, tmp_path: Path) -> None:
    """A file with a user, a lead and a type makes an account that works."""
    path = tmp_path / "seed.json"
    lead_id = "aaaaaaaa-0000-4000-8000-000000000001"
    user = {"id": "aaaaaaaa-0000-4000-8000-000000000002", "first_name": "A", "last_name": "B", "email": "a@example.com"}
    field = {"schema_name": "mx_Custom_1", "display_name": "One"}
    content = {
        "users": [user],
        "lead_fields": [],
        "leads": [{"id": lead_id, "attributes": {"FirstName": "Nila"}}],
        "activity_types": [{"code": 201, "name": "Visit", "fields": [field]}],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    api = start(seed=Seed.load(path))

    (receipt,) = api.post(BY_LEAD_ID, [visit(lead_id)]).body["Response"]

    assert receipt["ActivityCreated"] is True
    assert api.post(RETRIEVE, {}, leadId=lead_id).body["RecordCount"] == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[]", "file"),
        ('{"users": [], "lead_fields": []}', "a seed needs a user"),
        ('{"users": [{"id": "1"}], "lead_fields": [], "colour": "red"}', "colour: Unexpected"),
        ('{"users": [{"name": "x"}], "lead_fields": []}', "users.0.first_name"),
    ],
)
def test_a_wrong_seed_file_is_explained(tmp_path: Path, content: str, problem: str) -> None:
    """What is wrong with a seed file is told with the file's name and the place in it."""
    path = tmp_path / "seed.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(SeedFileError, match=re.escape(problem)) as caught:
        Seed.load(path)

    assert str(path) in str(caught.value)


def test_a_seed_has_a_user_and_ids_in_lower_case() -> None:
    """A seed without users, or with an id that isn't a GUID in lower case, can't be made."""
    with pytest.raises(NoUserError):
        replace(demo_seed(), users=())
    for wrong in ("12345", demo_users()[0].id.upper()):
        with pytest.raises(SeedIdError):
            replace(demo_seed(), deleted_leads=(wrong,))
