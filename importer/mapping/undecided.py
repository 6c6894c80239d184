"""What a draft leaves to a person: the word that stands there, and what is said of one that still stands there."""

from collections.abc import Iterable, Iterator
from typing import Final

from importer.errors.mappings import MappingFault
from importer.mapping.yaml_tree import Path, Plain, YamlTree

UNDECIDED: Final = "UNDECIDED"
"""Stands wherever the file can't tell: no number, no zone, no format, no route, so that `validate` names its line."""

_ASKED: Final = {
    "event": "the number of the activity type in LeadSquared, such as 201",
    "formats": "how the dates are written, such as dd/mm/yyyy HH:MM",
    "timezone": "the time zone of the times, such as Asia/Kolkata",
    "number": 'which marks the numbers have, such as {thousands: ",", decimal: "."}',
    "route": "which column names the lead, and by which road it goes",
    "column": "which column of the file it is",
}
"""By the key that it is the value of."""


def still_undecided(path: Path) -> str:
    """What is said of a value that nobody has decided."""
    key = next((str(step) for step in reversed(path) if str(step) in _ASKED), "")
    what = f": {_ASKED[key]}" if key else ""
    return f"This is still for you to decide{what}. Put it in the place of {UNDECIDED}; the remarks around it help."


def in_words_of_drafts(faults: Iterable[MappingFault], tree: YamlTree) -> Iterator[MappingFault]:
    """The faults, with those that a word left undecided has made told as what they are."""
    places: dict[tuple[int, int], Path] = {}
    for path in _undecided(tree.plain, ()):
        places[tree.key_at(path)] = places[tree.value_at(path)] = path
    for fault in faults:
        at = (fault.line, fault.column)
        if at in places and UNDECIDED in fault.sentence:
            yield MappingFault(*tree.value_at(places[at]), still_undecided(places[at]))
        else:
            yield fault


def _undecided(plain: Plain, path: Path) -> Iterator[Path]:
    if plain == UNDECIDED:
        yield path
    elif isinstance(plain, dict | list):
        for step, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield from _undecided(value, (*path, step))
