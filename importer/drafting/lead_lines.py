"""The section `lead`: which road, and by which column the lead is found."""

from collections.abc import Mapping, Sequence

from importer.drafting.columns import ColumnProfile
from importer.drafting.kinds import Verdict
from importer.drafting.names import part_of_a_name
from importer.drafting.paper import Paper
from importer.drafting.roles import LeadKey, Roles
from importer.drafting.values import misfits_told, offer_country
from importer.drafting.yaml_text import counted, scalar, shown
from importer.mapping.undecided import UNDECIDED


def write_lead(paper: Paper, roles: Roles, columns: Sequence[ColumnProfile], verdicts: Mapping[int, Verdict]) -> None:
    """Writes the section; without a column that could name the lead, it has to be decided."""
    paper.put(0, "lead:")
    if roles.key is None:
        _without_a_key(paper)
        return
    column = columns[roles.leads[0]]
    name = scalar(column.name) if len(roles.leads) == 1 else UNDECIDED
    if len(roles.leads) > 1:
        names = ", ".join(shown(columns[position].name) for position in roles.leads)
        paper.say(2, f"Several columns could name the lead: {names}. Write the right one in the place of {UNDECIDED}.")
    question = "" if len(roles.leads) == 1 else "the column that names the lead"
    match roles.key:
        case LeadKey.ID:
            paper.say(2, f"{shown(column.name)} holds LeadSquared's own ids of leads: the surest way, and the fastest.")
            _gaps(paper, column, verdicts)
            paper.put(2, "route: bulk_by_lead_id", "25 rows a call, for leads that are in LeadSquared already")
            paper.put(2, "id:")
            paper.put(4, f"column: {name}", question=question)
        case LeadKey.EMAIL:
            paper.say(
                2,
                "No column has ids of leads, so the lead is found by its e-mail address. It must be in",
                "LeadSquared already: rows with an address that is not known there are refused.",
            )
            _gaps(paper, column, verdicts)
            _by_field(paper, "EmailAddress", name, question)
            _offer_single(paper, name, columns)
        case LeadKey.PHONE:
            paper.say(
                2,
                "No column has ids or e-mail addresses of leads, so the lead is found by its phone number.",
                "It must be in LeadSquared already, and written as it is sent: +91-9845098450 and 9845098450",
                "are not the same there.",
            )
            _gaps(paper, column, verdicts)
            _by_field(paper, "Phone", name, question)
            paper.put(4, "type: phone")
            offer_country(paper, 4, column)


def _by_field(paper: Paper, field: str, name: str, question: str) -> None:
    paper.put(2, "route: bulk_by_lead_field", "25 rows a call, for leads that are in LeadSquared already")
    paper.put(2, f"search_by: {field}", "the field of the lead that is compared")
    paper.put(2, "value:")
    paper.put(4, f"column: {name}", question=question)


def _gaps(paper: Paper, column: ColumnProfile, verdicts: Mapping[int, Verdict]) -> None:
    """Rows whose lead can't be found."""
    empty = column.rows - column.filled - column.broken
    sentences = [misfits_told(verdicts[column.position])]
    if empty:
        sentences.append(f"{counted(empty, 'row')} without one will be reported.")
    if any(sentences):
        paper.say(2, *filter(None, sentences))


def _offer_single(paper: Paper, name: str, columns: Sequence[ColumnProfile]) -> None:
    paper.gap()
    paper.say(
        2,
        "Another way, one row a call. Careful: it MAKES A NEW LEAD of every address that LeadSquared does not",
        "know, and so of every misspelt one; that can't be undone. To take it, put these lines in the place of",
        "those above:",
    )
    paper.offer(2, "route: single_by_email")
    paper.offer(2, f"email: {name}")
    parts = {part_of_a_name(column.name): column for column in reversed(columns) if column.filled}
    for key in ("first_name", "last_name"):
        if key in parts:
            paper.offer(2, f"{key}: {scalar(parts[key].name)}", "for leads that are new")


def _without_a_key(paper: Paper) -> None:
    paper.say(
        2,
        "No column looks like ids, e-mail addresses or phone numbers of leads, so it is for you to say which",
        f"column names the lead. Take out the line with {UNDECIDED}, switch on one of the three ways below, and write",
        "the column's name in the place of COLUMN.",
    )
    paper.put(2, f"route: {UNDECIDED}", question="which column names the lead, and how it is searched")
    for lines in (
        ("route: bulk_by_lead_id", "id: {column: COLUMN}"),
        ("route: bulk_by_lead_field", "search_by: EmailAddress", "value: {column: COLUMN}"),
        ("route: bulk_by_lead_field", "search_by: Phone", "value: {column: COLUMN}"),
    ):
        paper.put(2, "#")
        for line in lines:
            paper.offer(2, line)
