"""The second way to a lead beside an account: it is compared like the first one."""

import pytest

from importer.comparing.alone import bound_alone
from importer.comparing.difference import AccountDiffers, Kind, require_fit
from importer.comparing.differences import differences, needs_of

from .accounts import FACTS, compared, document


def lead(second: str) -> str:
    """A lead by id, otherwise found like this."""
    return f"{{id: Lead, otherwise: {second}}}"


@pytest.mark.parametrize(
    ("second", "kind", "address", "words"),
    [
        (
            "{route: bulk_by_lead_field, search_by: Email, value: E}",
            Kind.FIELD_GONE,
            "lead.otherwise.search_by",
            'Did you mean "EmailAddress"',
        ),
        (
            "{route: bulk_by_lead_field, search_by: mx_City, value: {column: C, max_length: 11}}",
            Kind.TOO_LONG,
            "lead.otherwise.value",
            "write max_length: 10",
        ),
        (
            "{route: lead_and_activity, search_by: EmailAddress, attributes: {EmailAddress: E, mx_Town: T}}",
            Kind.FIELD_GONE,
            "lead.otherwise.attributes.mx_Town",
            'no field "mx_Town"',
        ),
        (
            "{route: lead_and_activity, search_by: EmailAddress, attributes: {EmailAddress: E, Source: {constant: x}}}",
            Kind.OPTION_GONE,
            "lead.otherwise.attributes.Source",
            "Its options are Website, Referral.",
        ),
    ],
)
def test_what_does_not_fit_the_second_way_is_told_at_its_place(
    second: str, kind: Kind, address: str, words: str
) -> None:
    """And stops an import, with its line in the file."""
    mapping = document(lead=lead(second), activity="event: 201")
    (found,) = differences(bound_alone(mapping), FACTS)
    assert (found.kind, found.address, found.stops) == (kind, address, True)
    assert words in found.sentence
    with pytest.raises(AccountDiffers) as raised:
        require_fit([found], mapping, "api.leadsquared.com")
    (fault,) = raised.value.faults
    assert (fault.line, fault.column > 15) == (2, True)


def test_what_both_ways_share_is_told_once() -> None:
    """A field that is gone is gone on both."""
    second = "{route: bulk_by_lead_field, search_by: EmailAddress, value: E}"
    (found,) = compared("{mx_Custom_99: A}", lead=lead(second))
    assert found.address == "fields.mx_Custom_99"


def test_lead_fields_are_asked_for_if_only_the_second_way_needs_them() -> None:
    """By id nothing of leads has to be known; by a field, its name has."""
    assert not needs_of(bound_alone(document())).lead_fields
    second = "{route: bulk_by_lead_field, search_by: EmailAddress, value: E}"
    assert needs_of(bound_alone(document(lead=lead(second)))).lead_fields
