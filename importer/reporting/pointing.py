"""Which cells of a row its messages speak of, so that they can be coloured where the row is shown.

A row is kept with its codes and messages only. A message about a cell is `Store Code is longer than allowed (…)`: the
name of the column, or the template with its columns in braces, or `column B, C`, or a list of these, and then what its
code means.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from importer.blocks import column_letter
from importer.codes.rows import EXPLANATIONS, meaning_of

_BETWEEN: Final = " | "
_LISTED: Final = re.compile(r", | or ")
_LETTERS: Final = re.compile(r"columns? ([A-Z, ]+)")


def faults_of_cells(names: Sequence[str], codes: str, messages: str) -> dict[int, list[str]]:
    """Position of each column that has a fault -> what is wrong with its cell, and what to do.

    :param names: the header.
    :param codes: as in results.csv, joined by `;`.
    :param messages: as in results.csv, joined by ` | `.
    """
    faults: dict[int, list[str]] = {}
    meanings = {code: meaning_of(code) for code in dict.fromkeys(codes.split(";")) if code in EXPLANATIONS}
    for code, meaning in meanings.items():
        for subjects, rest in _said(messages, meaning):
            # What holds another sentence of this row is more than the name of a column.
            of_one = [each for each in subjects if not any(f" {other}" in each for other in meanings.values())]
            subject, positions = _pointed_at(names, of_one)
            for position in positions:
                faults.setdefault(position, []).append(f"{subject}{rest}. {EXPLANATIONS[code].remedy}")
    return faults


def _said(messages: str, meaning: str) -> Iterator[tuple[list[str], str]]:
    """Of what it may be said that it `is not a date`, the shortest first, and the rest of the sentence: what stands
    between messages may stand in the name of a column as well.
    """
    at = messages.find(f" {meaning}")
    while at >= 0:
        parts = messages[:at].split(_BETWEEN)
        end = messages.find(_BETWEEN, at)
        subjects = [_BETWEEN.join(parts[first:]) for first in reversed(range(len(parts)))]
        yield subjects, messages[at : len(messages) if end < 0 else end]
        at = messages.find(f" {meaning}", at + 1)


def _pointed_at(names: Sequence[str], subjects: Sequence[str]) -> tuple[str, list[int]]:
    """The subject that is meant, and its positions: the longest that is a column's very name, else the shortest that
    says anything.
    """
    stripped = {name.strip() for name in names}
    exact = [subject for subject in subjects if subject in stripped]
    whole = [subject for subject in subjects if subject.count("{") == subject.count("}")]  # not half a template
    candidates = [*reversed(exact), *whole]
    found = ((subject, _positions(names, subject)) for subject in candidates)
    return next(((subject, positions) for subject, positions in found if positions), ("", []))


def _positions(names: Sequence[str], subject: str) -> list[int]:
    """Those of one column, or of several in a list of which all are known."""
    found = _positions_of_one(names, subject)
    if found:
        return found
    parts = [_positions_of_one(names, part) for part in _LISTED.split(subject.removesuffix(" together"))]
    return [position for part in parts for position in part] if all(parts) else []


def _positions_of_one(names: Sequence[str], subject: str) -> list[int]:
    stripped = [name.strip() for name in names]
    if subject in stripped:
        return [position for position, name in enumerate(stripped) if name == subject]
    lettered = _LETTERS.fullmatch(subject)
    if lettered:
        letters = lettered[1].split(", ")
        return [position for position in range(len(names)) if column_letter(position) in letters]
    return [position for position, name in enumerate(stripped) if name and f"{{{name}}}" in subject]
