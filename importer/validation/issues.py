"""What pandera found, as issues with the exact address of the cell, what was asked of it, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from importer.blocks import Block, CellKind, column_letter
from importer.codes.rows import Code, meaning_of
from importer.mapping import unusable
from importer.mapping.bound import BoundRule, BoundValue, FromTemplate, PhoneForm, RuleKind, ZoneFromColumn
from importer.mapping.date_formats import ISO_FORMATS, TIME_FORMATS, in_words
from importer.mapping.values import DATED, NUMERIC
from importer.records import Issue


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is said of every cell of a value that has the same fault; made once, not for each row."""

    positions: tuple[int, ...]
    """The cells that are meant."""
    letters: str
    header: str
    rule: str
    code: str
    message: str

    @classmethod
    def about(cls, value: BoundValue, code: str, positions: tuple[int, ...], names: Sequence[str]) -> "Complaint":
        """:param names: of all columns."""
        letters = ", ".join(map(column_letter, positions))
        header = value.header
        if positions != value.positions:
            header = ", ".join(names[position].strip() for position in positions)
        rule = rule_of(value, code)
        detail = f" ({rule})" if rule else ""
        message = f"{_subject(header, positions)} {meaning_of(code)}{detail}"
        return cls(positions, letters, header, rule or _in_the_mapping(value, code), code, message)

    @classmethod
    def about_both(cls, first: BoundValue, second: BoundValue) -> "Complaint":
        """What is said of rows that name their lead neither by the one value nor by the other."""
        positions = (*first.positions, *second.positions)
        letters = ", ".join(map(column_letter, positions))
        subjects = (_subject(value.header, value.positions) for value in (first, second))
        message = f"{' or '.join(subjects)} {meaning_of(Code.LEAD_MISSING)}"
        rule = f"{first.address} or {second.address}"
        return cls(positions, letters, f"{first.header}, {second.header}", rule, Code.LEAD_MISSING, message)

    def of(self, issue: Issue) -> Issue:
        """An issue of the same row, with this said instead of what it says."""
        return replace(issue, column=self.letters, header=self.header, rule=self.rule, message=self.message)


def _subject(header: str, positions: tuple[int, ...]) -> str:
    """What messages call these cells."""
    return header.strip() or f"column {', '.join(map(column_letter, positions))}"


def cell_issue(block: Block, offset: int, value: BoundValue, complaint: Complaint) -> Issue:
    """The issue of one cell."""
    unlike = _stored_otherwise(block, offset, complaint)
    return Issue(
        place=block.place,
        row=int(block.rows[offset]),
        column=complaint.letters,
        header=complaint.header,
        value=_as_it_stands(block, offset, value, complaint.positions),
        rule=complaint.rule,
        code=complaint.code,
        message=f"{complaint.message}; Excel stores {unlike}" if unlike else complaint.message,
        general=complaint.message if unlike else "",
    )


def _stored_otherwise(block: Block, offset: int, complaint: Complaint) -> str:
    """The number that a cell stores, where it shows another one: 1250.4 under a format without decimals."""
    if complaint.code not in (Code.INTEGER_UNREADABLE, Code.DECIMAL_UNREADABLE) or len(complaint.positions) != 1:
        return ""
    column = block.columns[complaint.positions[0]]
    if column.stored is None or column.stored.kinds[offset] != CellKind.NUMBER:
        return ""
    number = str(column.stored.stored[offset])
    return "" if number == str(column.shown[offset]) else number


def at_fault(block: Block, offset: int, value: BoundValue, code: str) -> tuple[int, ...]:
    """Positions of the cells that are meant: mostly those the value is made from, sometimes just one of all it asks."""
    if code == Code.TIMEZONE_UNKNOWN and isinstance(value.timezone, ZoneFromColumn):
        return (value.timezone.position,)
    if code not in unusable.KINDS:
        return value.positions
    return tuple(
        position
        for position in value.consulted
        if (stored := block.columns[position].stored) is not None and stored.kinds[offset] == unusable.KINDS[code]
    )


def rule_issue(block: Block, offset: int, rule: BoundRule, code: str, other: int | None) -> Issue:
    """The issue of a row that breaks a rule for several cells, or among all rows.

    :param other: number of the row that it is like.
    """
    names = ", ".join(block.header.names[position].strip() for position in rule.positions)
    cells = [str(block.columns[position].shown[offset]) for position in rule.positions]
    together = " together" if code == Code.NOT_UNIQUE and len(rule.positions) > 1 else ""
    general = f"{names}{together} {meaning_of(code)}"
    return Issue(
        place=block.place,
        row=int(block.rows[offset]),
        column=", ".join(map(column_letter, rule.positions)),
        header=names,
        value=", ".join(filter(None, cells)),
        rule=_ASKED[rule.kind],
        code=code,
        message=general if other is None else f"{general} (row {other})",
        general=general,
    )


_ASKED: Final = {
    RuleKind.UNIQUE: "unique among all rows",
    RuleKind.ANY_OF: "at least one filled",
    RuleKind.ONE_OF: "exactly one filled",
}


def row_issue(block: Block, offset: int) -> Issue:
    """The issue of a row that could not be read as a row."""
    fault = block.faults[offset]
    return Issue(
        place=block.place,
        row=int(block.rows[offset]),
        column="" if fault.column is None else column_letter(fault.column),
        header="",
        value="",
        rule="as many fields as the header",
        code=fault.code,
        message=fault.message,
    )


def rule_of(value: BoundValue, code: str) -> str:
    """What was asked of the value, in words; empty where the code says it all."""
    match code:
        case Code.CHOICE_UNLISTED:
            return f"one of {_listed(value.choices or ())}"
        case Code.MAP_UNLISTED:
            return f"one of {_listed(value.map.listed if value.map else ())}"
        case Code.TOO_LONG:
            return f"at most {value.max_length} characters"
        case Code.PATTERN_MISMATCH:
            return f"pattern {value.pattern}"
        case Code.DATE_UNREADABLE | Code.DATE_AMBIGUOUS | Code.TIME_UNREADABLE if value.type in DATED:
            return _dates_asked(value)
        case Code.TIME_SKIPPED | Code.TIME_TWICE if isinstance(value.timezone, str):
            return f"time zone {value.timezone}"
        case Code.INTEGER_UNREADABLE | Code.DECIMAL_UNREADABLE if value.type in NUMERIC:
            return _numbers_asked(value, with_decimals=code == Code.DECIMAL_UNREADABLE)
        case Code.BOOLEAN_UNREADABLE if value.words:
            return f"one of {_listed((*value.words.true, *value.words.false))}"
        case Code.PHONE_MALFORMED | Code.PHONE_AMBIGUOUS if value.phone:
            return _form_of(value.phone)
        case _:
            return ""


def _in_the_mapping(value: BoundValue, code: str) -> str:
    """What in the mapping asks for it, as it is written there; for what no mapping has to ask, what a cell must be."""
    match code:
        case Code.REQUIRED_EMPTY:
            return "required: true"
        case Code.LEAD_MISSING:
            return value.address
        case Code.TIMEZONE_MISSING | Code.TIMEZONE_UNKNOWN:
            return "timezone"
        case code if code in unusable.KINDS:
            return "a cell with a value of use"
        case _:
            return f"type: {value.type}"


def _dates_asked(value: BoundValue) -> str:
    if tuple(format_.written for format_ in value.formats) in (ISO_FORMATS, TIME_FORMATS):
        return f"a {value.type} cell, or a text like {in_words(value.formats[0])}"
    return f"{value.type} {' or '.join(in_words(format_) for format_ in value.formats)}"


def _numbers_asked(value: BoundValue, *, with_decimals: bool) -> str:
    thousands = f', "{value.number.thousands}" between thousands' if value.number.thousands else ""
    decimal = f', "{value.number.decimal}" before decimals' if with_decimals else ""
    return f"digits{decimal}{thousands}"


def _form_of(phone: PhoneForm) -> str:
    digits = f", {phone.national_digits} digits" if phone.national_digits else ""
    return f"a number of +{phone.country_code}{digits}, or one with + and its country code"


def _listed(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:10])
    return shown if len(texts) <= 10 else f"{shown} and {len(texts) - 10} more"


def _as_it_stands(block: Block, offset: int, value: BoundValue, positions: tuple[int, ...]) -> str:
    cells = {position: str(block.columns[position].shown[offset].as_py()) for position in positions}
    if isinstance(value.origin, FromTemplate) and positions == value.positions:
        names = value.origin.positions
        return "".join(cells[names[text]] if is_column else text for is_column, text in value.origin.pieces)
    return ", ".join(cells.values())
