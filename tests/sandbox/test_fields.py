"""The fields of an activity: names, types, lengths, options, sets, and what is mandatory."""

from typing import Literal

import pytest

from importer.sandbox.seeds import demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import CREATE, FIRST_LEAD, Api, Start, failure, visit

KIND = "MXInvalidActivityFieldsException"


def loan(*parts: dict[str, object], **more: object) -> dict[str, object]:
    """A loan application with a custom field set of these parts."""
    values = {"mx_Custom_1": "A-1", "mx_Custom_2": "Home", "mx_Custom_3": "1"}
    fields: list[dict[str, object]] = [{"SchemaName": name, "Value": value} for name, value in values.items()]
    fields.append({"SchemaName": "mx_Custom_10", "Value": "", "Fields": list(parts), **more})
    return {"RelatedProspectId": FIRST_LEAD.id, "ActivityEvent": 204, "Fields": fields}


def test_an_unknown_field_is_refused(api: Api) -> None:
    """A SchemaName that the type lacks refuses the activity; names are compared exactly."""
    for name in ("mx_Custom_16", "MX_CUSTOM_2", "Store code"):
        reply = api.post(CREATE, visit(fields={name: "x"}))
        assert (reply.status, reply.body) == (500, failure(KIND, f"Field name : '{name}' does not exist."))


@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_mandatory_field_must_have_a_value(api: Api, value: object) -> None:
    """A blank mandatory field refuses the activity with the text that live accounts give."""
    reply = api.post(CREATE, visit(fields={"mx_Custom_1": value}))

    assert reply.body == failure(KIND, "Field name : 'mx_Custom_1' of datatype : 'String' is mandatory.")


def test_a_mandatory_field_must_be_there(api: Api) -> None:
    """An activity without any Fields lacks the mandatory one."""
    reply = api.post(CREATE, {"RelatedProspectId": FIRST_LEAD.id, "ActivityEvent": 201})

    assert reply.body == failure(KIND, "Field name : 'mx_Custom_1' of datatype : 'String' is mandatory.")


@pytest.mark.parametrize(
    ("field", "good", "wrong"),
    [
        ("mx_Custom_3", ["0", "-5", "12.50", "0419", 7, 2.5], ["1,234", "abc", "1e5", "12.", "½", "٣"]),
        ("mx_Custom_5", ["2026-01-31 09:15:00"], ["2026-01-31", "31/01/2026 09:15", "2026-13-01 00:00:00"]),
        ("mx_Custom_8", ["1", "0", "true", "False", True], ["yes", "2"]),
        ("mx_Custom_12", [demo_users()[1].id], ["meera.shah@example.com"]),
    ],
)
def test_values_fit_their_data_type(api: Api, field: str, good: list[object], wrong: list[object]) -> None:
    """Numbers, moments, booleans and users are checked by form; blank is always fine."""
    for value in (*good, "", None):
        assert api.post(CREATE, visit(fields={field: value})).status == 200, value
    for value in wrong:
        reply = api.post(CREATE, visit(fields={field: value}))
        assert reply.status == 500, value
        assert "has an invalid value." in reply.body["ExceptionMessage"]


def test_a_date_field_takes_a_date_alone_or_with_a_time(api: Api) -> None:
    """A field of type Date takes YYYY-MM-DD, with a time or without, and no other form."""
    body = {"RelatedProspectId": FIRST_LEAD.id, "ActivityEvent": 203}
    statuses = [
        api.post(
            CREATE,
            {
                **body,
                "Fields": [
                    {"SchemaName": "mx_Custom_1", "Value": "/"},
                    {"SchemaName": "mx_Custom_12", "Value": date},
                ],
            },
        ).status
        for date in ("2000-02-29", "2000-02-29 00:00:00", "2001-02-29", "29/02/2000")
    ]
    assert statuses == [200, 200, 500, 500]


def test_text_is_kept_as_it_stands(api: Api) -> None:
    """Leading zeros, signs, white space, emoji and markup come back as they were sent."""
    texts = ["0419", "+919845098450", " x ", "नमस्ते 🙂", "<b>&amp;</b>", "a\nb", "1E5", "NULL"]
    for text in texts:
        api.post(CREATE, visit(fields={"mx_Custom_2": text}))

    assert [each.fields["mx_Custom_2"] for each in api.server.store.activities.all()] == texts


def test_a_value_may_have_200_characters(api: Api) -> None:
    """MaxFieldLength counts characters: 200 are fine, 201 are not."""
    assert api.post(CREATE, visit(fields={"mx_Custom_15": "é" * 200})).status == 200
    reply = api.post(CREATE, visit(fields={"mx_Custom_15": "é" * 201}))
    assert reply.body == failure(KIND, "Field name : 'mx_Custom_15' can not be longer than 200 characters.")


def test_options_are_compared_exactly(api: Api) -> None:
    """A drop-down takes its options only, and sees the difference in case."""
    assert api.post(CREATE, visit(fields={"mx_Custom_10": "Follow-Up Visit"})).status == 200
    reply = api.post(CREATE, visit(fields={"mx_Custom_10": "Follow-up Visit"}))
    message = "Field name : 'mx_Custom_10' has an invalid dropdown option : 'Follow-up Visit'."
    assert (reply.status, reply.body) == (500, failure(KIND, message))


@pytest.mark.parametrize(("meaning", "with_flag", "without_flag"), [("skips", 200, 500), ("validates", 500, 200)])
def test_the_dropdown_flag_has_both_meanings(
    start: Start, meaning: Literal["skips", "validates"], with_flag: int, without_flag: int
) -> None:
    """ValidateDropDownOptions skips the validation as documented, or asks for it as its name says."""
    api = start(SandboxSettings(dropdown_flag=meaning))

    wrong = {"mx_Custom_10": "Nonsense"}
    flagged = api.post(CREATE, visit(fields=wrong, ValidateDropDownOptions=True))
    plain = api.post(CREATE, visit(fields=wrong))

    assert (flagged.status, plain.status) == (with_flag, without_flag)


def test_a_field_set_is_stored_with_its_parts(api: Api) -> None:
    """A custom field set keeps the parts that have a value, named by Attribute or by SchemaName."""
    parts: tuple[dict[str, object], ...] = (
        {"Attribute": "Status", "Value": "Pending"},
        {"SchemaName": "mx_CustomObject_2", "Value": "864563"},
        {"Attribute": "mx_CustomObject_3", "Value": ""},
    )

    assert api.post(CREATE, loan(*parts)).status == 200
    (activity,) = api.server.store.activities.all()
    assert activity.fields["mx_Custom_10"] == {"Status": "Pending", "mx_CustomObject_2": "864563"}


def test_a_field_set_has_no_other_parts_and_no_value(api: Api) -> None:
    """An unknown part is refused, and so is a text in a set's own value, or a set for a plain field."""
    part: dict[str, object] = {"Attribute": "mx_CustomObject_5", "Value": "x"}
    unknown = api.post(CREATE, loan(part))
    text = api.post(CREATE, loan(Value="x"))
    plain = api.post(CREATE, loan(SchemaName="mx_Custom_9"))

    assert unknown.body == failure(KIND, "Field name : 'mx_Custom_10~mx_CustomObject_5' does not exist.")
    message = "Field name : 'mx_Custom_10' of datatype : 'CustomObject' has an invalid value."
    assert text.body == failure(KIND, message)
    assert plain.body == failure(KIND, "Field name : 'mx_Custom_9' of datatype : 'String' has an invalid value.")


@pytest.mark.parametrize(
    "fields", ["text", {"mx_Custom_1": "x"}, ["x"], [{"Value": "x"}], [{"SchemaName": "mx_Custom_1", "Value": ["x"]}]]
)
def test_fields_of_another_shape_are_a_malformed_body(api: Api, fields: object) -> None:
    """Fields that are no list of names and values are not understood at all."""
    reply = api.post(CREATE, {**visit(), "Fields": fields})

    assert (reply.status, reply.body["ExceptionType"]) == (400, "JsonReaderException")


def test_an_unknown_type_has_fifty_text_fields_if_types_are_open(start: Start) -> None:
    """An open account takes any code, with mx_Custom_1 to mx_Custom_50; a seeded type stays strict in it."""
    api = start(SandboxSettings(activity_types="open"))

    def post(event: int, name: str) -> int:
        return api.post(CREATE, visit(ActivityEvent=event, fields={name: "anything"})).status

    assert [post(777, "mx_Custom_50"), post(777, "mx_Custom_51"), post(777, "City")] == [200, 500, 500]
    assert post(201, "mx_Custom_3") == 500
