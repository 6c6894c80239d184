"""What pandera found, as issues with the exact address of the cell, what was asked of it, and what to do."""

from importer.codes import Code, meaning_of
from importer.mapping.bound import BoundValue, FromTemplate
from importer.mapping.date_formats import ISO_FORMATS, in_words
from importer.mapping.model import DATED, NUMERIC
from importer.records import Block, Issue, column_letter


def cell_issue(block: Block, offset: int, value: BoundValue, code: str) -> Issue:
    """The issue of one cell."""
    letters = ", ".join(column_letter(position) for position in value.positions)
    rule = rule_of(value, code)
    detail = f" ({rule})" if rule else ""
    name = value.header.strip() or f"column {letters}"
    return Issue(
        place=block.place,
        row=int(block.rows[offset]),
        column=letters,
        header=value.header,
        value=_as_it_stands(block, offset, value),
        rule=rule or code,
        code=code,
        message=f"{name} {meaning_of(code)}{detail}",
    )


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
            return f"one of {_listed(tuple(text for text, _ in value.map or ()))}"
        case Code.TOO_LONG:
            return f"at most {value.max_length} characters"
        case Code.PATTERN_MISMATCH:
            return f"pattern {value.pattern}"
        case Code.DATE_UNREADABLE | Code.DATE_AMBIGUOUS if value.type in DATED:
            if tuple(format_.written for format_ in value.formats) == ISO_FORMATS:
                return f"a {value.type} cell, or a text like {in_words(value.formats[0])}"
            return f"{value.type} {' or '.join(in_words(format_) for format_ in value.formats)}"
        case Code.TIME_SKIPPED | Code.TIME_TWICE:
            return f"time zone {value.timezone}"
        case Code.INTEGER_UNREADABLE | Code.DECIMAL_UNREADABLE if value.type in NUMERIC:
            thousands = f', "{value.number.thousands}" between thousands' if value.number.thousands else ""
            decimal = f', "{value.number.decimal}" before decimals' if code == Code.DECIMAL_UNREADABLE else ""
            return f"digits{decimal}{thousands}"
        case _:
            return ""


def _listed(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:10])
    return shown if len(texts) <= 10 else f"{shown} and {len(texts) - 10} more"


def _as_it_stands(block: Block, offset: int, value: BoundValue) -> str:
    cells = {position: str(block.columns[position].shown[offset].as_py()) for position in value.positions}
    if isinstance(value.origin, FromTemplate):
        names = value.origin.positions
        return "".join(cells[names[text]] if is_column else text for is_column, text in value.origin.pieces)
    return "".join(cells.values())
