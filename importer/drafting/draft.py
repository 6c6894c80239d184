"""The draft of a mapping, section by section, and what is left to the person who reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from importer.drafting.account import AccountField
from importer.drafting.activity_lines import write_activity
from importer.drafting.columns import ColumnProfile, FileProfile
from importer.drafting.field_lines import Columns, Fields, write_fields
from importer.drafting.kinds import Kind, Verdict, verdict_on
from importer.drafting.lead_lines import write_lead
from importer.drafting.paper import Paper
from importer.drafting.roles import LeadKey, Roles, roles_of
from importer.drafting.values import ValueWriter, misfits_told
from importer.drafting.yaml_text import counted, scalar, shown
from importer.loading import ReadingOptions
from importer.loading.apostrophes import APOSTROPHE
from importer.mapping.undecided import UNDECIDED

MOST_TOLD: Final = 50
"""Columns that are not used are named up to here, then counted."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known besides the file."""

    source: str
    """The file, as the user calls it."""
    name: str
    """What the mapping is to be called."""
    reading: ReadingOptions
    """How the file is to be read, as the user said or as it was found out; the draft says the same."""
    next_command: str
    """What to do with the draft."""
    event: int | None = None
    timezone: str | None = None
    computer_zone: str | None = None
    sheet: str | None = None
    """The sheet that was read, if the file is a workbook."""
    fields: Sequence[AccountField] | None = None
    """The activity type's own fields, if the account could be asked."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why the file is to be read so, by key under source, where it was found out."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A place where the draft says UNDECIDED."""

    line: int
    """From 1."""
    sentence: str


@dataclass(frozen=True, slots=True)
class ColumnStory:
    """One line of the table: what a column holds and what becomes of it."""

    letter: str
    name: str
    filled: int
    different: int | None
    """None: more than were counted."""
    kind: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A mapping to be looked through."""

    text: str
    decisions: tuple[Decision, ...]
    """Without them it is refused, by line."""
    cautions: tuple[str, ...]
    """What it would be good to look at."""
    columns: tuple[ColumnStory, ...]
    rows: int


def draft_mapping(profile: FileProfile, wishes: Wishes) -> Draft:
    """Writes the draft for a file that was looked through."""
    verdicts = {column.position: verdict_on(column) for column in profile.columns}
    usable = [column for column in profile.columns if not _why_unusable(column, profile)]
    roles = roles_of(usable, verdicts)
    writer = ValueWriter(wishes.timezone, wishes.computer_zone)
    body = Paper()
    _write_source(body, wishes)
    body.gap()
    write_lead(body, roles, profile.columns, verdicts)
    body.gap()
    write_activity(body, roles, profile, verdicts, writer, wishes.event)
    body.gap()
    rest = [column for column in usable if column.position not in roles.taken]
    # The account may have a field for what is noted, and for when it happened, besides the activity's own places.
    placed = [column for column in usable if column.position in (roles.note, roles.when)]
    fields = write_fields(body, Columns(rest, placed), verdicts, writer, wishes.fields)
    _write_left_out(body, profile, roles, fields)
    text, decisions = _with_head(body, profile, wishes)
    return Draft(
        text,
        decisions,
        tuple(_cautions(profile, roles, verdicts, fields)),
        tuple(_story(column, profile, roles, verdicts, fields) for column in profile.columns),
        profile.rows,
    )


def _why_unusable(column: ColumnProfile, profile: FileProfile) -> str:
    if not column.name:
        return "has no name"
    if sum(other.name == column.name for other in profile.columns) > 1:
        return "has a name that stands twice"
    return "" if column.filled else "is empty in every row"


def _write_source(paper: Paper, wishes: Wishes) -> None:
    reading = wishes.reading
    said = {
        "sheet": reading.sheet,
        "header_row": reading.header_row,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "quote_char": "apostrophe" if reading.quote_char == APOSTROPHE else reading.quote_char,
    }
    given = {key: value for key, value in said.items() if value is not None}
    offered = wishes.sheet if reading.sheet is None else None
    if given or offered:
        paper.put(0, "source:", "how the file is read")
    if offered:
        paper.offer(2, f"sheet: {scalar(offered)}", "the sheet that was read; not needed if it is the first")
    for key, value in given.items():
        paper.put(2, f"{key}: {scalar(str(value))}", wishes.reasons.get(key, ""))


def _write_left_out(paper: Paper, profile: FileProfile, roles: Roles, fields: Fields) -> None:
    told = [
        f"{shown(column.name) if column.name else 'Column'} ({column.letter}) {why}."
        for column in profile.columns
        if (
            why := _why_unusable(column, profile)
            or _why_left_out(column, roles)
            or fields.left_out.get(column.position)
        )
    ]
    if told:
        paper.gap()
        paper.say(0, "Columns that are not used:")
        for sentence in told[:MOST_TOLD]:
            paper.put(0, f"#   {sentence}")
        if len(told) > MOST_TOLD:
            paper.put(0, f"#   and {len(told) - MOST_TOLD:,} more")


def _why_left_out(column: ColumnProfile, roles: Roles) -> str:
    return "tells of the lead, not of the activity" if column.position in roles.about_leads else ""


def _with_head(body: Paper, profile: FileProfile, wishes: Wishes) -> tuple[str, tuple[Decision, ...]]:
    """The draft with its head, which names the lines to be decided and so depends on its own length."""
    asked = [(number, line.question) for number, line in enumerate(body.lines, start=1) if line.question]
    head = _head([(0, question) for _, question in asked], profile, wishes)
    decisions = [(number + len(head.lines), question) for number, question in asked]
    head = _head(decisions, profile, wishes)
    text = "\n".join([*head.written(), *body.written()]).rstrip("\n") + "\n"
    return text, tuple(Decision(line, question) for line, question in decisions)


def _head(decisions: list[tuple[int, str]], profile: FileProfile, wishes: Wishes) -> Paper:
    head = Paper()
    columns = counted(len(profile.columns), "column")
    head.say(
        0,
        f"A draft of a mapping for {shown(PurePath(wishes.source).name, 60)}, made from all of its",
        f"{counted(profile.rows, 'row')} and {columns}.",
    )
    head.put(0, "#")
    head.say(
        0,
        "On the left of each colon is what LeadSquared calls something, on the right where it comes from, mostly a",
        "column of your file. What follows a # is a remark and does nothing. Some remarks are suggestions: to switch",
        "one on, take away its # and the blank behind it. Blanks at the beginning of a line matter.",
    )
    head.put(0, "#")
    if decisions:
        points = "One thing is" if len(decisions) == 1 else f"{len(decisions)} things are"
        head.say(0, f"{points} for you to decide. Put the answer in the place of the word {UNDECIDED}:")
        width = len(str(decisions[-1][0]))
        for line, question in decisions:
            head.put(0, f"#   line {line:>{width}}  {question}")
        head.put(0, "#")
    head.put(0, f"# {'Then check' if decisions else 'Check'} all rows with:")
    head.put(0, f"#   {wishes.next_command}")
    head.gap()
    head.put(0, "version: 1")
    head.put(0, f"name: {scalar(wishes.name)}", "what the runs of this import are called")
    head.gap()
    return head


def _cautions(profile: FileProfile, roles: Roles, verdicts: dict[int, Verdict], fields: Fields) -> Sequence[str]:
    found = []
    if profile.faulty:
        found.append(f"{counted(profile.faulty, 'row')} can't be read as a row; validate tells which.")
    if not profile.rows:
        found.append("there are no rows below the header: only the names of the columns could be looked at.")
    for column in profile.columns:
        verdict = verdicts[column.position]
        if misfits := misfits_told(verdict):
            found.append(f"{shown(column.name)}: {misfits}")
        if verdict.kind is Kind.SERIALS:
            found.append(f"{shown(column.name)}: {SERIALS}")
    if roles.key in (LeadKey.EMAIL, LeadKey.PHONE):
        found.append("leads must be in LeadSquared already; rows of others are refused. See the remarks under lead.")
    return [*found, *fields.cautions]


SERIALS = (
    "these are numbers of days, not dates: in Excel give the column a date format and save; then make the draft again."
)


def _story(
    column: ColumnProfile, profile: FileProfile, roles: Roles, verdicts: dict[int, Verdict], fields: Fields
) -> ColumnStory:
    position = column.position
    becomes = fields.schema_names.get(position, "not used")
    if position in roles.leads and len(roles.leads) == 1:
        becomes = "the lead"
    elif position == roles.when:
        becomes = "activity.datetime"
    elif position == roles.note:
        becomes = "activity.note"
    elif position == roles.owner:
        becomes = "activity.owner"
    if _why_unusable(column, profile):
        becomes = "not used"
    different = None if column.values is None else len(column.values)
    return ColumnStory(column.letter, column.name, column.filled, different, verdicts[position].kind, becomes)
