"""Which column names the lead, which says when, whose and what was noted: by what they hold, then by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from importer.drafting.columns import ColumnProfile
from importer.drafting.kinds import DATED, Kind, Verdict
from importer.drafting.names import (
    names_a_lead_id,
    names_a_lead_name,
    names_a_note,
    names_an_owner,
    names_what_happened,
    normalised,
)

_BEST_EMAILS: Final = ("email", "emailaddress", "emailid", "leademail", "prospectemail", "customeremail", "mail")
_BEST_PHONES: Final = ("phone", "phonenumber", "mobile", "mobilenumber", "mobileno", "phoneno", "customerphone")


class LeadKey(StrEnum):
    """By what a lead is found."""

    ID = "id"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Roles:
    """Positions of the columns that go to a place of their own; None where no column fits."""

    key: LeadKey | None
    leads: tuple[int, ...]
    """The columns that could name the lead; more than one if nothing tells which is meant."""
    when: int | None
    note: int | None
    owner: int | None
    owner_names: int | None
    """A column that names owners in another way than by e-mail address."""
    about_leads: tuple[int, ...]
    """Columns that tell of the lead, not of the activity: its name."""

    @property
    def taken(self) -> frozenset[int]:
        """The columns that are not offered as fields."""
        found = {self.when, self.note, self.owner, *self.about_leads, *(self.leads if len(self.leads) == 1 else ())}
        return frozenset(position for position in found if position is not None)


def roles_of(columns: Sequence[ColumnProfile], verdicts: Mapping[int, Verdict]) -> Roles:
    """Finds the columns for lead, time, note and owner among those that can be mapped."""
    of_kind = {kind: [column for column in columns if verdicts[column.position].kind is kind] for kind in Kind}
    owned = [column for column in columns if names_an_owner(column.name)]
    theirs = [column for column in of_kind[Kind.EMAIL] if column not in owned]
    phones = [column for column in of_kind[Kind.PHONE] if column not in owned]
    ids = [column for column in of_kind[Kind.GUID] if names_a_lead_id(column.name)]
    key, leads = next(
        (
            (key, found)
            for key, found in (
                (LeadKey.ID, ids),
                (LeadKey.EMAIL, _best(theirs, _BEST_EMAILS)),
                (LeadKey.PHONE, _best(phones, _BEST_PHONES)),
            )
            if found
        ),
        (None, []),
    )
    notes = [column for column in columns if names_a_note(column.name) and verdicts[column.position].kind is Kind.TEXT]
    emails = [column for column in owned if verdicts[column.position].kind is Kind.EMAIL]
    names = [column for column in owned if verdicts[column.position].kind in (Kind.TEXT, Kind.INTEGER)]
    return Roles(
        key=key,
        leads=tuple(column.position for column in leads),
        when=_moment(columns, verdicts),
        note=_first(notes),
        owner=_first(emails),
        owner_names=_first(names) if not emails else None,
        about_leads=tuple(column.position for column in columns if names_a_lead_name(column.name)),
    )


def _first(columns: Sequence[ColumnProfile]) -> int | None:
    return columns[0].position if columns else None


def _best(columns: list[ColumnProfile], names: Sequence[str]) -> list[ColumnProfile]:
    """The columns with the best of these names; all of them if none has one."""
    for name in names:
        found = [column for column in columns if normalised(column.name) == name]
        if found:
            return found
    return columns


def _moment(columns: Sequence[ColumnProfile], verdicts: Mapping[int, Verdict]) -> int | None:
    """The date column that most probably says when the activity happened, if one does."""
    scored = [
        (names_what_happened(column.name), column.filled, -column.position)
        for column in columns
        if verdicts[column.position].kind in DATED
    ]
    probable = [one for one in scored if one[0] > 0]
    return -max(probable)[2] if probable else None
