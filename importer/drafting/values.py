"""One value of the draft: the column, how its cells are read, what is asked, and what is only suggested."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from importer.drafting.account import AccountField
from importer.drafting.columns import ColumnProfile, Sign
from importer.drafting.date_reading import DateQuestion, DateReading
from importer.drafting.kinds import DATED, Kind, Marks, Verdict
from importer.drafting.paper import Paper
from importer.drafting.readings import Misfits
from importer.drafting.yaml_text import counted, listed, listed_formats, scalar, shown
from importer.mapping.undecided import UNDECIDED

_NOT_SHOWN: Final = (Kind.EMAIL, Kind.PHONE, Kind.GUID)
"""Cells of these kinds point at a person; a draft that is passed on names the row instead."""

_YES_AND_NO: Final = {
    frozenset(words): words for words in (("ja", "nein"), ("oui", "non"), ("si", "no"), ("sí", "no"), ("on", "off"))
}
"""Words for yes and no that are not understood without being told."""

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_WHAT: Final = {
    Kind.INTEGER: "no whole number",
    Kind.DECIMAL: "no number",
    Kind.BOOLEAN: "neither yes nor no",
    Kind.DATE: "no such date",
    Kind.DATETIME: "no such date",
    Kind.TIME: "no time of day",
    Kind.EMAIL: "no e-mail address",
    Kind.PHONE: "no phone number",
    Kind.GUID: "no id like 2bf6a491-c144-4ac9-90f9-f52b6fc44413",
}


@dataclass(frozen=True, slots=True)
class ValueWriter:
    """Writes values; knows the time zone, if one was given."""

    timezone: str | None
    computer_zone: str | None
    """The zone of the computer: a hint, never an answer."""

    def facts(self, paper: Paper, indent: int, column: ColumnProfile, verdict: Verdict) -> None:
        """What was found, above the value."""
        sentences = [verdict.reason] if verdict.reason else []
        if misfits := misfits_told(verdict):
            sentences.append(misfits)
        if column.broken:
            cells = counted(column.broken, "cell")
            sentences.append(f"{cells} with an error of Excel, such as #N/A, will be reported.")
        if sentences:
            paper.say(indent, *sentences)

    def field(
        self, paper: Paper, name: str, column: ColumnProfile, verdict: Verdict, field: AccountField | None = None
    ) -> None:
        """An entry under `fields`, with what was found above it."""
        above, below = Paper(), Paper()
        if field is not None:
            _about_field(above, column, field)
        self.facts(above, 2, column, verdict)
        self._typed(below, 4, column, verdict, field)
        if column.always_filled and not (field and field.mandatory):
            below.offer(4, "required: true", "no row leaves it empty")
        if above.lines or below.lines or paper.lines[-1].text.startswith("    "):
            paper.gap()
        paper.lines += above.lines
        if not below.lines:
            paper.put(2, f"{name}: {scalar(column.name)}")
            return
        paper.put(2, f"{name}:")
        paper.put(4, f"column: {scalar(column.name)}")
        paper.lines += below.lines

    def _typed(
        self, paper: Paper, indent: int, column: ColumnProfile, verdict: Verdict, field: AccountField | None
    ) -> None:
        kind = verdict.kind
        if kind in DATED and field is not None and field.data_type in ("Date", "DateTime"):
            kind = Kind.DATE if field.data_type == "Date" else Kind.DATETIME
        if field is not None and field.mandatory:
            paper.put(indent, "required: true", "LeadSquared insists on it")
        if kind not in (Kind.TEXT, Kind.EMPTY):
            paper.put(indent, f"type: {kind}", self._about_type(kind, column))
        if kind is Kind.DECIMAL:
            self._marks(paper, indent, column, verdict.marks)
        if kind in DATED and column.dates is not None:
            self.dates(paper, indent, column.dates, zoned=kind is Kind.DATETIME)
        if kind is Kind.PHONE:
            offer_country(paper, indent, column)
        _offer_words(paper, indent, column, verdict, field)
        if field is not None and field.max_length and kind is Kind.TEXT and column.longest > field.max_length:
            paper.put(indent, f"max_length: {field.max_length}", f"the longest cell has {column.longest} characters")

    @staticmethod
    def _about_type(kind: Kind, column: ColumnProfile) -> str:
        match kind:
            case Kind.DATE:
                return "sent as 2026-10-17"
            case Kind.DATETIME:
                return "sent in UTC, 2026-10-17 08:30:00"
            case Kind.TIME:
                return "sent as 08:30:00"
            case Kind.BOOLEAN:
                words = ", ".join(shown(text) for text in (column.values or ())[:4])
                return f"{words}: sent as 1 or 0"
            case _:
                return ""

    @staticmethod
    def _marks(paper: Paper, indent: int, column: ColumnProfile, marks: tuple[Marks, ...]) -> None:
        if len(marks) == 1:
            example = shown(column.values[0]) if column.values else ""
            paper.put(indent, f"number: {_table(marks[0])}", f"the cells look like {example}" if example else "")
        elif marks:
            _ask_about_marks(paper, indent, column, marks)

    def dates(self, paper: Paper, indent: int, dates: DateReading, *, zoned: bool) -> None:
        """How the cells of a date column are read: formats and zone."""
        for question in dates.questions:
            _ask(paper, indent, question)
        formats = [*dates.formats, *[UNDECIDED] * len(dates.questions)]
        if formats:
            asked = " or ".join(reading[0] for reading in dates.questions[0].readings) if dates.questions else ""
            remark = "real dates of Excel need none of these" if dates.real else ""
            decide = f"how the dates are written: {asked}" if asked else ""
            paper.put(indent, f"formats: {listed_formats(formats)}", remark or self._about_formats(dates), decide)
        elif dates.real:
            paper.put(indent, "# real dates of Excel need no format")
        if zoned:
            self._zone(paper, indent, dates)

    @staticmethod
    def _about_formats(dates: DateReading) -> str:
        sample = next((text for text in dates.formats if text.startswith(("dd/mm", "mm/dd", "dd-mm-", "dd.mm."))), "")
        if not sample:
            return ""
        return "the day first, then the month" if sample.startswith("dd") else "the month first, then the day"

    def _zone(self, paper: Paper, indent: int, dates: DateReading) -> None:
        if dates.names_zone:
            paper.put(indent, "# no timezone: each time says its own")
        elif self.timezone is not None:
            paper.put(indent, f"timezone: {scalar(self.timezone)}", "the zone of the times in the file")
        else:
            here = f" (this computer: {self.computer_zone})" if self.computer_zone else ""
            remark = f"of the times in the file, such as Asia/Kolkata{here}"
            paper.put(indent, f"timezone: {UNDECIDED}", remark, "the time zone")


def _offer_words(
    paper: Paper, indent: int, column: ColumnProfile, verdict: Verdict, field: AccountField | None
) -> None:
    """What few texts could mean: the account's list, yes and no, or a list of their own."""
    words = _YES_AND_NO.get(frozenset(text.casefold() for text in column.values or ()))
    if field is not None and field.options:
        paper.offer(indent, f"choices: {listed(field.options)}", "what LeadSquared's list holds")
    elif words:
        paper.offer(indent, "type: boolean", "sends 1 or 0 instead of the words")
        paper.offer(indent, f"words: {{true: [{words[0]}], false: [{words[1]}]}}")
    elif verdict.choices:
        paper.offer(indent, f"choices: {listed(verdict.choices)}", "the only texts in the file")


def offer_country(paper: Paper, indent: int, column: ColumnProfile) -> None:
    """Numbers without a country code can be sent with one; which it is, the file does not say."""
    if 2 * column.signs[Sign.PLUS].count < column.filled:
        paper.offer(indent, "country_code: 91", "sends +91-9845098450, the form that LeadSquared keeps")
        paper.offer(indent, "national_digits: 10", "of a number at home; put in those of your country")


def _about_field(paper: Paper, column: ColumnProfile, field: AccountField) -> None:
    if field.display_name != column.name:
        paper.put(2, f"# In LeadSquared: {shown(field.display_name)}")
    strange = [text for text in column.values or () if field.options and text not in field.options]
    if strange:
        named = ", ".join(map(shown, strange[:3])) + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")
        paper.say(2, f"Not on LeadSquared's list: {named}. A `map` can translate.")


def _table(marks: Marks) -> str:
    thousands = f"thousands: {_quoted(marks.thousands)}, " if marks.thousands else ""
    return f"{{{thousands}decimal: {_quoted(marks.decimal)}}}"


def _ask_about_marks(paper: Paper, indent: int, column: ColumnProfile, marks: tuple[Marks, ...]) -> None:
    """A question about numbers, with a cell read both ways."""
    marked = column.signs[Sign.MARKED].first
    assert marked is not None, "without a mark in any cell nothing is open"
    paper.say(
        indent,
        "Which mark stands before the decimals? Both readings fit.",
        f"{shown(marked.text)} in row {marked.row} is read",
    )
    tables = [_table(one) for one in marks]
    width = max(map(len, tables))
    for one, table in zip(marks, tables, strict=True):
        plain = marked.text.replace(one.thousands or "", "").replace(one.decimal, ".")
        paper.put(indent, f"#   {table:<{width}}  as {plain}")
    paper.say(indent, f"Write the right one in the place of {UNDECIDED}.")
    paper.put(indent, f"number: {UNDECIDED}", question="whether the point or the comma stands before decimals")


def _quoted(mark: str) -> str:
    return f'"{mark}"' if mark.isprintable() else scalar(mark)


def misfits_told(verdict: Verdict) -> str:
    """Which cells the type does not read, in a sentence or two; empty if it reads all."""
    told = []
    if verdict.serials.count:
        one = verdict.serials.count == 1
        lost = "is a number of days, which has" if one else "are numbers of days, which have"
        told.append(_told(verdict, verdict.serials, f"{lost} lost {'its' if one else 'their'} date format"))
    if verdict.misfits.count and verdict.kind in _WHAT:
        are = "is" if verdict.misfits.count == 1 else "are"
        told.append(_told(verdict, verdict.misfits, f"{are} {_WHAT[verdict.kind]}"))
    return " ".join(told)


def _told(verdict: Verdict, misfits: Misfits, what: str) -> str:
    where = ""
    if misfits.first:
        text = "" if verdict.kind in _NOT_SHOWN else f": {shown(misfits.first.text)}"
        where = f" ({'' if misfits.count == 1 else 'first in '}row {misfits.first.row}{text})"
    return f"{counted(misfits.count, 'cell')} {what}{where} and will be reported."


def _ask(paper: Paper, indent: int, question: DateQuestion) -> None:
    """A question about dates, with a cell read both ways."""
    first, second = (", ".join(reading) for reading in question.readings[:2])
    put_right = f"Write the right one in the place of {UNDECIDED}."
    if question.contradiction:
        one, other = question.contradiction
        paper.say(
            indent,
            f"Two ways of writing are mixed here: {shown(one.text)} in row {one.row} can only be {first},",
            f"{shown(other.text)} in row {other.row} only {second}.",
            f"{counted(question.differ, 'cell')} can be read both ways, as different days. Put the file right first,",
            f"then write the format in the place of {UNDECIDED}.",
        )
        return
    fits = f"Both fit all {counted(question.cells, 'cell')}" if question.cells > 1 else "Both fit the only cell"
    if question.shown is None:
        paper.say(
            indent,
            f"{first}, or {second}? {fits}, and here they mean the same days; in the next file they",
            f"may not. {put_right}",
        )
        return
    paper.say(
        indent,
        f"Which part is the day? {fits}. {shown(question.shown.example.text)} in row "
        f"{question.shown.example.row} is read",
    )
    width = max(len(first), len(second))
    for formats, day in zip((first, second), question.shown.days, strict=True):
        paper.put(indent, f"#   {formats:<{width}}  as {_spoken(day)}")
    others = [", ".join(reading) for reading in question.readings[2:]]
    if others:
        paper.say(indent, f"and {' and '.join(others)} fits as well.")
    rows = f"{question.differ:,} of {counted(question.cells, 'row')}"
    paper.say(indent, f"{rows} would get another day. {put_right}")


def _spoken(day: datetime) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
