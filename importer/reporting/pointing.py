"""Which cells of a row its messages speak of, so that they can be coloured where the row is shown.

A row is kept with its codes and messages only. A message about a cell is `Store Code is longer than allowed (…)`: the
name of the column, or the template with its columns in braces, or `column B, C`, or a list of these, and then what its
code means.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from importer.blocks import column_letter
from importer.codes import EXPLANATIONS, meaning_of

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
    for code in dict.fromkeys(codes.split(";")):
        if code not in EXPLANATIONS:
            continue
        for subject, message in _said(messages, meaning_of(code)):
            for position in _positions(names, subject):
                faults.setdefault(position, []).append(f"{message}. {EXPLANATIONS[code].remedy}")
    return faults


def _said(messages: str, meaning: str) -> Iterator[tuple[str, str]]:
    """Of what it is said that it `is not a date`, and the whole of the sentence."""
    at = messages.find(f" {meaning}")
    while at >= 0:
        start = messages.rfind(_BETWEEN, 0, at)
        start = 0 if start < 0 else start + len(_BETWEEN)
        end = messages.find(_BETWEEN, at)
        yield messages[start:at], messages[start : len(messages) if end < 0 else end]
        at = messages.find(f" {meaning}", at + 1)


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
