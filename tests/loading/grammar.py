"""The grammar of CSV once more, sign by sign and as plainly as can be: what the fast reader is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass

LINE_ENDS = ("\r\n", "\n", "\r")


@dataclass(frozen=True)
class Record:
    """A record of a CSV text."""

    line: int
    """The physical line on which it starts, from 1."""
    start: int
    end: int
    """Where its text begins and ends, without the line end."""
    fields: tuple[str, ...]
    """None where the quotation marks are broken."""
    trouble: str = ""
    """On its physical line, a quotation mark is `unclosed`, or closed and `misplaced`."""


def records_of(text: str, delimiter: str = ",") -> Iterator[Record]:
    """All records: a quotation mark that opens a field and is not closed properly spoils just its physical line."""
    start, line = 0, 1
    while start < len(text):
        fields, end, trouble = record_at(text, start, delimiter)
        if trouble:
            end = end_of_line(text, start)
        yield Record(line, start, end, tuple(fields), trouble)
        following = behind_line_end(text, end)
        line += len(list(lines_of(text[start:following])))
        start = following


def record_at(text: str, at: int, delimiter: str) -> tuple[list[str], int, str]:
    """Fields of the record that begins here, where it ends, and what is wrong with its quotation marks."""
    start = at
    fields: list[str] = []
    while True:
        field = ""
        if text[at : at + 1] == '"':
            at += 1
            while True:
                if at == len(text):
                    return [], at, "unclosed"
                if text[at] != '"':
                    field += text[at]
                    at += 1
                elif text[at + 1 : at + 2] == '"':
                    field += '"'
                    at += 2
                else:
                    at += 1
                    break
            if at < len(text) and text[at] not in (delimiter, "\r", "\n"):
                return [], at, "misplaced" if at <= end_of_line(text, start) else "unclosed"
        else:
            while at < len(text) and text[at] not in (delimiter, "\r", "\n"):
                field += text[at]
                at += 1
        fields.append(field)
        if text[at : at + 1] != delimiter:
            return fields, at, ""
        at += 1


def end_of_line(text: str, at: int) -> int:
    """Where the physical line ends, without its line end."""
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at


def behind_line_end(text: str, at: int) -> int:
    """The place behind the line end that stands here, if one does."""
    return at + next((len(end) for end in LINE_ENDS if text.startswith(end, at)), 0)


def lines_of(text: str) -> Iterator[str]:
    """The physical lines, line ends included."""
    at = 0
    while at < len(text):
        following = behind_line_end(text, end_of_line(text, at))
        yield text[at:following]
        at = following
