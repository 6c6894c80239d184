"""The section `fields`: counted through where the account is not known, matched by name where it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from importer.drafting.account import AccountField, FieldMatch, match_headers
from importer.drafting.columns import ColumnProfile
from importer.drafting.kinds import DATED, Kind, Verdict
from importer.drafting.paper import Paper
from importer.drafting.values import ValueWriter
from importer.drafting.yaml_text import scalar, shown
from importer.mapping.undecided import UNDECIDED

_FITTING: Final = {
    "Number": (Kind.INTEGER, Kind.DECIMAL),
    "Date": DATED,
    "DateTime": DATED,
    "Boolean": (Kind.BOOLEAN, Kind.INTEGER),
    "Email": (Kind.EMAIL,),
    "Phone": (Kind.PHONE, Kind.INTEGER, Kind.TEXT),
    "ActiveUsers": (Kind.GUID,),
    "CustomObject": (),
}
"""What a column must hold to go into a field of this type; fields of other types take any text."""

_WANTED: Final = {
    "Number": "numbers",
    "Date": "dates",
    "DateTime": "dates",
    "Boolean": "yes or no",
    "Email": "e-mail addresses",
    "Phone": "phone numbers",
    "ActiveUsers": "ids of users",
    "CustomObject": "fields of its own",
}


_LIKE_NONE: Final = "is like no field of the activity type"

MOST_FIELDS: Final = 200
"""More than any activity type has; a file with more columns is not meant to be imported as a whole."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that may become fields."""

    free: Sequence[ColumnProfile]
    placed: Sequence[ColumnProfile]
    """They have a place already, and go into a field besides only if the account has one of their name."""


@dataclass(slots=True)
class Fields:
    """What became of the columns that are offered as fields."""

    schema_names: dict[int, str] = field(default_factory=dict)
    """By the column's position."""
    left_out: dict[int, str] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)


def write_fields(
    paper: Paper,
    columns: Columns,
    verdicts: Mapping[int, Verdict],
    writer: ValueWriter,
    account: Sequence[AccountField] | None,
) -> Fields:
    """Writes the section, and what stores each row's key, which needs a field of its own."""
    fields = Fields()
    mapped: list[ColumnProfile] = []
    for column in columns.free:
        if verdicts[column.position].kind is Kind.SERIALS:
            fields.left_out[column.position] = "holds numbers of days instead of dates: give it a date format in Excel"
        elif len(mapped) == MOST_FIELDS:
            fields.left_out[column.position] = "is one too many: no activity type has so many fields"
        else:
            mapped.append(column)
    if account is None:
        _count_through(paper, mapped, verdicts, writer, fields)
        free = f"mx_Custom_{len(mapped) + 1}"
    else:
        _match(paper, Columns(mapped, columns.placed), verdicts, writer, account, fields)
        free = _free_field(account, fields)
    paper.gap()
    paper.say(
        0,
        "If an answer of LeadSquared's gets lost, a mark in each row tells for certain whether the row has arrived.",
        "It needs a text field of the activity type that is used for nothing else; name it and switch this on:",
    )
    paper.offer(0, f"import_key: {{field: {scalar(free)}}}")
    return fields


def _count_through(
    paper: Paper,
    columns: Sequence[ColumnProfile],
    verdicts: Mapping[int, Verdict],
    writer: ValueWriter,
    fields: Fields,
) -> None:
    if not columns:
        return
    paper.say(
        0,
        "The other columns. Their names in LeadSquared are only counted through here, mx_Custom_1, mx_Custom_2 and so",
        "on: compare them with the fields of your activity type, put them right, and take out what is not wanted.",
    )
    paper.put(0, "fields:")
    fields.cautions.append(
        "the names of the fields, mx_Custom_1 and so on, are only counted through; put them right for your account."
    )
    for number, column in enumerate(columns, start=1):
        fields.schema_names[column.position] = f"mx_Custom_{number}"
        writer.field(paper, f"mx_Custom_{number}", column, verdicts[column.position])


# ------------------------------------------------------------------------------------- with the account


def _match(
    paper: Paper,
    offered: Columns,
    verdicts: Mapping[int, Verdict],
    writer: ValueWriter,
    account: Sequence[AccountField],
    fields: Fields,
) -> None:
    columns = [*offered.free, *offered.placed]
    matches = match_headers([column.name for column in columns], account)
    certain = [match for match in matches if match.certain and _fits(match, columns, verdicts)]
    doubtful = [match for match in matches if match not in certain and columns[match.position] in offered.free]
    taken = {match.field.schema_name for match in certain}
    missing = [one for one in account if one.is_own and one.mandatory and one.schema_name not in taken]
    if certain or missing:
        paper.say(0, "Columns with the name of a field of this activity type.")
        paper.put(0, "fields:")
    for match in certain:
        column = columns[match.position]
        fields.schema_names[column.position] = match.field.schema_name
        writer.field(paper, scalar(match.field.schema_name), column, verdicts[column.position], match.field)
    for one in missing:
        _ask_for(paper, one, [columns[match.position].name for match in doubtful if match.field == one])
    _offer_doubtful(paper, doubtful, columns, verdicts)
    guessed = {columns[match.position].position for match in doubtful}
    for column in offered.free:
        if column.position not in fields.schema_names:
            why = "is like a field, but not surely meant: see above" if column.position in guessed else _LIKE_NONE
            fields.left_out[column.position] = why


def _ask_for(paper: Paper, field: AccountField, near: Sequence[str]) -> None:
    """A mandatory field that no column surely belongs to."""
    perhaps = f" Perhaps it is {shown(near[0])}." if near else ""
    paper.gap()
    paper.say(2, f"LeadSquared insists on {shown(field.display_name)}, and no column surely is that.{perhaps}")
    question = f"the column for {shown(field.display_name)}"
    paper.put(2, f"{scalar(field.schema_name)}: {{column: {UNDECIDED}}}", question=question)


def _fits(match: FieldMatch, columns: Sequence[ColumnProfile], verdicts: Mapping[int, Verdict]) -> bool:
    fitting = _FITTING.get(match.field.data_type)
    return fitting is None or verdicts[columns[match.position].position].kind in fitting


def _offer_doubtful(
    paper: Paper, doubtful: Sequence[FieldMatch], columns: Sequence[ColumnProfile], verdicts: Mapping[int, Verdict]
) -> None:
    if not doubtful:
        return
    paper.gap()
    paper.say(2, "Not sure, so switched off. The number says how alike the names are: 1 is the same.")
    for match in doubtful:
        column = columns[match.position]
        remark = f"{shown(match.field.display_name)}? {match.score:.2f}"
        if not _fits(match, columns, verdicts):
            remark += f", but LeadSquared wants {_WANTED[match.field.data_type]} here"
        paper.offer(2, f"{scalar(match.field.schema_name)}: {scalar(column.name)}", remark)


def _free_field(account: Sequence[AccountField], fields: Fields) -> str:
    """A text field that the draft leaves alone, by preference one that says what it is for."""
    used = set(fields.schema_names.values())
    free = [one for one in account if one.is_own and one.data_type == "String" and one.schema_name not in used]
    named: Iterator[AccountField] = (one for one in free if "key" in one.display_name.casefold())
    return next(named, free[-1] if free else AccountField("mx_Custom_15", "", "String")).schema_name
