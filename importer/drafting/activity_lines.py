"""The section `activity`: its type, its note, when it happened and whose it is."""

from collections.abc import Mapping

from importer.drafting.columns import ColumnProfile, FileProfile
from importer.drafting.kinds import Verdict
from importer.drafting.paper import Paper
from importer.drafting.roles import Roles
from importer.drafting.values import ValueWriter
from importer.drafting.yaml_text import counted, scalar, shown
from importer.mapping.undecided import UNDECIDED


def write_activity(
    paper: Paper,
    roles: Roles,
    profile: FileProfile,
    verdicts: Mapping[int, Verdict],
    writer: ValueWriter,
    event: int | None,
) -> None:
    """Writes the section.

    :param event: the number of the activity type, if it is known.
    """
    columns = profile.columns
    paper.put(0, "activity:")
    paper.put(
        2,
        f"event: {UNDECIDED if event is None else event}",
        "the number of the activity type in LeadSquared" + (", such as 201" if event is None else ""),
        "the number of the activity type" if event is None else "",
    )
    if roles.note is not None:
        paper.put(2, f"note: {scalar(columns[roles.note].name)}")
    _write_moment(paper, roles, profile, verdicts, writer)
    if roles.owner is not None:
        owner = columns[roles.owner]
        paper.gap()
        paper.say(2, "Whose activity it is. Where it is empty, LeadSquared decides.")
        writer.facts(paper, 2, owner, verdicts[owner.position])
        paper.put(2, "owner:")
        paper.put(4, f"column: {scalar(owner.name)}")
    elif roles.owner_names is not None:
        _offer_owner(paper, columns[roles.owner_names])


def _write_moment(
    paper: Paper, roles: Roles, profile: FileProfile, verdicts: Mapping[int, Verdict], writer: ValueWriter
) -> None:
    paper.gap()
    if roles.when is None:
        paper.say(2, "No column says when it happened: LeadSquared takes the time at which it is sent.")
        paper.offer(2, "datetime: {column: COLUMN, formats: [dd/mm/yyyy HH:MM], timezone: Asia/Kolkata}")
        return
    when = profile.columns[roles.when]
    assert when.dates is not None, "only date columns are taken for the moment"
    clock = "" if when.dates.with_clock else " The column has no time of day: each day counts from its midnight."
    paper.say(2, f"When it happened.{clock}")
    writer.facts(paper, 2, when, verdicts[when.position])
    paper.put(2, "datetime:")
    paper.put(4, f"column: {scalar(when.name)}")
    writer.dates(paper, 4, when.dates, zoned=True)
    empty = when.rows - when.filled - when.broken
    if empty:
        paper.offer(
            4, "required: false", f"{counted(empty, 'row')} without a date would be reported; this lets them pass"
        )


def _offer_owner(paper: Paper, column: ColumnProfile) -> None:
    """A column names owners, but by other texts than LeadSquared knows them by: a table can translate."""
    paper.gap()
    paper.say(
        2,
        f"{shown(column.name)} seems to say whose activity it is, but LeadSquared wants users by e-mail address.",
        "With a table it can be told; put in the addresses and switch these lines on.",
    )
    paper.offer(2, "owner:")
    paper.offer(2, f"  column: {scalar(column.name)}")
    paper.offer(2, "  map:")
    for number, text in enumerate((column.values or ("NAME",))[:5], start=1):
        paper.offer(2, f"    {scalar(text)}: user{number}@example.com")
