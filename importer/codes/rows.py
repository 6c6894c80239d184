"""Every code that a row can bear, with its meaning and its remedy: what `lsq-import explain CODE` prints."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The codes of rows; those of whole commands stand with their exceptions in errors.py."""

    # The row itself
    TOO_FEW_FIELDS = "too-few-fields"
    TOO_MANY_FIELDS = "too-many-fields"
    QUOTE_UNCLOSED = "quote-unclosed"
    QUOTE_MISPLACED = "quote-misplaced"
    NUL_CHARACTER = "nul-character"
    ROW_NOT_CORRECTED = "row-not-corrected"
    NOT_UNIQUE = "not-unique"
    NONE_FILLED = "none-filled"
    SEVERAL_FILLED = "several-filled"
    # A cell
    EXCEL_ERROR = "excel-error"
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    NUMBER_TOO_LONG = "number-too-long"
    NUMBER_NOT_SHOWN = "number-not-shown"
    DATE_IMPOSSIBLE = "date-impossible"
    REQUIRED_EMPTY = "required-empty"
    LEAD_MISSING = "lead-missing"
    INTEGER_UNREADABLE = "integer-unreadable"
    DECIMAL_UNREADABLE = "decimal-unreadable"
    BOOLEAN_UNREADABLE = "boolean-unreadable"
    DATE_UNREADABLE = "date-unreadable"
    DATE_AMBIGUOUS = "date-ambiguous"
    DATE_SERIAL = "date-serial"
    TIME_UNREADABLE = "time-unreadable"
    TIME_SERIAL = "time-serial"
    TIMEZONE_MISSING = "timezone-missing"
    TIMEZONE_UNKNOWN = "timezone-unknown"
    TIME_SKIPPED = "time-skipped"
    TIME_TWICE = "time-twice"
    EMAIL_MALFORMED = "email-malformed"
    PHONE_MALFORMED = "phone-malformed"
    PHONE_AMBIGUOUS = "phone-ambiguous"
    GUID_MALFORMED = "guid-malformed"
    CHOICE_UNLISTED = "choice-unlisted"
    MAP_UNLISTED = "map-unlisted"
    PATTERN_MISMATCH = "pattern-mismatch"
    TOO_LONG = "too-long"
    # What the server said, or did not say
    LSQ_REJECTED = "lsq-rejected"
    ANSWER_LOST = "answer-lost"
    ANSWER_UNCLEAR = "answer-unclear"
    SERVER_ERROR = "server-error"
    IN_DOUBT_BEFORE = "in-doubt-before"
    QUEUED = "queued"
    READ_BACK = "read-back"
    FOUND_TWICE = "found-twice"
    NOT_TOLD_APART = "not-told-apart"
    NOT_FOUND = "not-found"
    NO_CONTROL = "no-control"
    # Why a row was not sent
    ALREADY_IMPORTED = "already-imported"
    RUN_STOPPED = "run-stopped"
    HELD_BACK = "held-back"
    DRY_RUN = "dry-run"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means and what to do about it."""

    meaning: str
    """Goes behind the name of a column or a row: `is not a date`."""
    remedy: str


_IN_DOUBT = (
    "It is not sent again as long as nobody knows. Run the same command again, or `lsq-import recheck`: that looks it "
    "up in LeadSquared."
)

EXPLANATIONS: dict[str, Explanation] = {
    Code.TOO_FEW_FIELDS: Explanation(
        "has fewer fields than the header",
        "Look for a missing delimiter, or for a line break inside a text that is not in quotation marks; complete the "
        "row in the to-fix file. If texts stand in apostrophes, --quote-char apostrophe says so.",
    ),
    Code.TOO_MANY_FIELDS: Explanation(
        "has more fields than the header",
        "A text that holds the delimiter must stand in quotation marks. Put the row right in the to-fix file. If texts "
        "stand in apostrophes, --quote-char apostrophe says so.",
    ),
    Code.QUOTE_UNCLOSED: Explanation(
        "opens a quotation mark that is never closed",
        "Close it at the end of the text, or take it out. A quotation mark that belongs to the text is written twice "
        "within quotation marks.",
    ),
    Code.QUOTE_MISPLACED: Explanation(
        "has text behind a closing quotation mark",
        'A quotation mark that belongs to the text is written twice: "the ""old"" shop".',
    ),
    Code.NUL_CHARACTER: Explanation(
        "holds NUL characters, which no text has",
        "Export the file again; if it is UTF-16 without a byte-order mark, name its encoding with --encoding.",
    ),
    Code.ROW_NOT_CORRECTED: Explanation(
        "of a to-fix file has not been put right yet: its last cell still asks for it",
        "Put the row right as _import_message says: each text in the column it belongs to. Then empty the cell behind "
        "the last column, which says so, and run the file again.",
    ),
    Code.NOT_UNIQUE: Explanation(
        "stands in another row as well, but may stand in one only",
        "Look at both rows: correct the one that is wrong, or take out the one that is too many. Neither is sent: "
        "nobody but you knows which is right.",
    ),
    Code.NONE_FILLED: Explanation(
        "are all empty, but one must be filled",
        "Fill one of these cells, or take the rule out of the mapping.",
    ),
    Code.SEVERAL_FILLED: Explanation(
        "are filled side by side, but only one may be",
        "Empty all of these cells but one, or make the rule any_of in the mapping.",
    ),
    Code.EXCEL_ERROR: Explanation(
        "shows an Excel error such as #N/A",
        "Mend the formula in that cell, or type the value, and save the workbook.",
    ),
    Code.FORMULA_WITHOUT_VALUE: Explanation(
        "is a formula whose value was never calculated",
        "Open the workbook in Excel, let it calculate, and save it; some export tools write formulas without values.",
    ),
    Code.NUMBER_TOO_LONG: Explanation(
        "is a number with more digits than Excel keeps, so that its last ones are lost",
        "Excel keeps 15 digits of a number. Format the cell as text, and type or copy all of its digits from where the "
        "number comes from.",
    ),
    Code.NUMBER_NOT_SHOWN: Explanation(
        "is a number that Excel can't show under the cell's format (########)",
        "Give the cell another format, such as General, look whether the number is right, and save.",
    ),
    Code.DATE_IMPOSSIBLE: Explanation(
        "has a number in it for which there is no day",
        "Excel counts days from 1 January 1900 (or 1904), and shows ######## for what is before; its 29 February 1900, "
        "day 60, never was. Type the right date into the cell, or give it the format General if it is no date.",
    ),
    Code.REQUIRED_EMPTY: Explanation(
        "is empty, but required",
        "Fill the cell, or give the value a default in the mapping, or take `required: true` out of it.",
    ),
    Code.LEAD_MISSING: Explanation(
        "must name the lead, but is empty",
        "Fill the cell; where two columns are named, one of them is enough. If such rows name their lead in another "
        "column, `lead.otherwise` in the mapping takes it from there.",
    ),
    Code.INTEGER_UNREADABLE: Explanation(
        "is not a whole number",
        'Write plain digits. If the column has thousands marks, name them: number: {thousands: ","} for 1,250, number: '
        '{thousands: ".", decimal: ","} for 1.250. In 0,123 the mark stands before decimals.',
    ),
    Code.DECIMAL_UNREADABLE: Explanation(
        "is not a number",
        'Write plain digits with a point. If the column has other marks, name them: number: {thousands: ",", '
        'decimal: "."} reads 1,250 as 1250, and number: {thousands: ".", decimal: ","} reads it as 1.250.',
    ),
    Code.BOOLEAN_UNREADABLE: Explanation(
        "is neither yes nor no",
        "Write true, false, yes, no, y, n, 1 or 0; or tell the mapping the words of the file: "
        "words: {true: [sold], false: [open]}.",
    ),
    Code.DATE_UNREADABLE: Explanation(
        "is not a date in the format of the mapping",
        "Correct the cell, or add the format it is written in to `formats`. A day such as 31 February does not exist, "
        "and a day of the week must be that of its date.",
    ),
    Code.DATE_AMBIGUOUS: Explanation(
        "is a different date under two of the formats",
        "01/02 can be January or February. Keep one of these formats in the mapping, or write the cell year first.",
    ),
    Code.DATE_SERIAL: Explanation(
        "is a plain number where a date is expected",
        "The cell holds Excel's day number. Format it as a date in Excel, look whether it is the right day, and save.",
    ),
    Code.TIME_UNREADABLE: Explanation(
        "is not a time of day in the format of the mapping",
        "Correct the cell, or add the format it is written in to `formats`, such as HH:MM or hh:MM AM/PM.",
    ),
    Code.TIME_SERIAL: Explanation(
        "is a plain number or a length of time, where a time of day is expected",
        "Format the cell as a time such as hh:mm in Excel, look whether it is the right time, and save. A length of "
        "time (30:00 hours) is no time of day: map it as text, which takes what is shown.",
    ),
    Code.TIMEZONE_MISSING: Explanation(
        "is a local time, and no time zone is known for it",
        "Add the zone to the value in the mapping, for example timezone: Asia/Kolkata, or timezone: UTC.",
    ),
    Code.TIMEZONE_UNKNOWN: Explanation(
        "is no time zone that is known",
        "Write the zone like Asia/Kolkata or UTC; or say in the mapping what the column's words mean: "
        "timezone: {column: Zone, map: {IST: Asia/Kolkata}}.",
    ),
    Code.TIME_SKIPPED: Explanation(
        "is a time that never was: the clocks were put forward over it",
        "Correct the time; in that night the clock went straight from one hour to the next but one.",
    ),
    Code.TIME_TWICE: Explanation(
        "is a time that was twice: the clocks were put back over it",
        "Write the time with its offset, such as 02:30+0200, and %z in the format; then it is clear which is meant.",
    ),
    Code.EMAIL_MALFORMED: Explanation(
        "is not an e-mail address",
        "Correct the address; one address per cell, without a name in front of it.",
    ),
    Code.PHONE_MALFORMED: Explanation(
        "is not a phone number",
        "A phone number has 7 to 15 digits, a + in front if need be, and blanks, dashes or brackets between.",
    ),
    Code.PHONE_AMBIGUOUS: Explanation(
        "can be meant as two phone numbers: with its country code, or without",
        "Write it with a + and the country code. Or say in the mapping how many digits a number has, with "
        "national_digits, and what is dialled before it at home, with trunk_prefix; then it is clear.",
    ),
    Code.GUID_MALFORMED: Explanation(
        "is not an id",
        "An id looks like 2bf6a491-c144-4ac9-90f9-f52b6fc44413. Check that the right column is mapped, and that "
        "LeadSquared's export contained the lead id.",
    ),
    Code.CHOICE_UNLISTED: Explanation(
        "is not one of the choices",
        "Write it exactly as the list has it, capital letters included, or add it to `choices` and in LeadSquared.",
    ),
    Code.MAP_UNLISTED: Explanation(
        "is not listed in the mapping's `map`",
        "Add the text to `map`, or give the value a `default` for everything else.",
    ),
    Code.PATTERN_MISMATCH: Explanation(
        "does not have the form that the mapping asks for",
        "Correct the cell, or the `pattern` in the mapping; it must match the whole text.",
    ),
    Code.TOO_LONG: Explanation(
        "is longer than allowed",
        "Shorten the text. It is never cut for you: nobody would know what was lost.",
    ),
    Code.LSQ_REJECTED: Explanation(
        "was refused by LeadSquared and not created",
        "The message is LeadSquared's own. Correct the row in the to-fix file and run that file; or mend the cause in "
        "LeadSquared (a missing lead, a deactivated activity type) and run the same file again.",
    ),
    Code.ANSWER_LOST: Explanation(
        "was sent, and the answer was lost: it may have been created or not",
        _IN_DOUBT,
    ),
    Code.ANSWER_UNCLEAR: Explanation(
        "was sent, and the answer does not prove what became of it",
        _IN_DOUBT,
    ),
    Code.SERVER_ERROR: Explanation(
        "was sent, and the server failed while working on it: it may have been created or not",
        _IN_DOUBT,
    ),
    Code.IN_DOUBT_BEFORE: Explanation(
        "was sent by an earlier run, and nobody knows yet what became of it",
        _IN_DOUBT,
    ),
    Code.QUEUED: Explanation(
        "was accepted into LeadSquared's queue, which has not come to it yet",
        "Run the same command again, or `lsq-import recheck`: that asks the queue what became of it. It is not sent "
        "again.",
    ),
    Code.READ_BACK: Explanation(
        "was created: its answer was lost, but it was found in LeadSquared",
        "Nothing needs to be done.",
    ),
    Code.FOUND_TWICE: Explanation(
        "is in LeadSquared more than once",
        "The message names the ids. LeadSquared can't delete a single activity by its id, so ask an administrator "
        "which of them is to be locked or marked; the importer won't send it again.",
    ),
    Code.NOT_TOLD_APART: Explanation(
        "was sent, and LeadSquared has activities just like it, of which nobody can tell which one is its own",
        "It is not sent again. Compare the activities of the lead with your file. A mapping with `import_key` lets the "
        "importer tell such rows apart by itself.",
    ),
    Code.NOT_FOUND: Explanation(
        "was sent and could not be found in LeadSquared afterwards, which is no proof: there is no import key, or it "
        "went through the queue, which may come to it hours later",
        "Look for it at its lead. If it is not there, run the unknown file with --allow-duplicates. A mapping with an "
        "`import_key` lets the importer settle such rows by itself.",
    ),
    Code.NO_CONTROL: Explanation(
        "was sent and could not be looked up: what LeadSquared shows to these keys is no proof",
        "Check that the user of the keys may see the activities of all leads; then run `lsq-import recheck`. The row "
        "is never sent again as long as nobody knows.",
    ),
    Code.ALREADY_IMPORTED: Explanation(
        "was imported earlier",
        "Nothing needs to be done. To post it once more on purpose, run with --allow-duplicates.",
    ),
    Code.RUN_STOPPED: Explanation(
        "was not sent, because the run stopped before its turn",
        "Run the same command again; it goes on where it stopped.",
    ),
    Code.HELD_BACK: Explanation(
        "was not sent, because other rows are invalid, and with `--on-invalid stop` one of them holds back all",
        "Correct the invalid rows in the source and run it again; or run it without --on-invalid stop.",
    ),
    Code.DRY_RUN: Explanation(
        "was not sent, because this was a dry run",
        "Run the command without --dry-run to send it.",
    ),
}


def meaning_of(code: str) -> str:
    """What is wrong with a row or cell that bears this code, to be put behind its name."""
    return EXPLANATIONS[code].meaning
