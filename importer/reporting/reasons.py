"""Why rows were refused, or are in doubt: equal words together, so that a screen holds them."""

import re
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Final

from importer.blocks import Place
from importer.codes.rows import EXPLANATIONS
from importer.records import Outcome, RowResult

EXAMPLES: Final = 3

MOST_GROUPS: Final = 1000
"""A server that says something else of every row must not fill the memory; what comes later is counted together."""

OTHER_WORDS: Final = "other words for each"

# Names of fields (mx_Custom_2) stay: they tell faults apart. What stands in quotation marks, addresses, ids and numbers
# belongs to single rows.
_VARYING: Final = re.compile(
    r"""(['"])(?!mx_)[^'"]*\1|\S+@\S+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|(?<![\w.])\+?\d[\d.,:/-]*(?![\w])""", re.IGNORECASE
)


@dataclass(slots=True)
class ReasonGroup:
    """Rows of which the same is said."""

    words: str
    """What is said of each of them; `…` stands where they differ."""
    code: str
    remedy: str
    count: int = 0
    """Rows."""
    examples: list[tuple[Place, int]] = attribute(default_factory=list)
    """Where the first of them stand: source and row."""


@dataclass(slots=True)
class Reasons:
    """Groups the rows that were refused or are in doubt."""

    _groups: dict[tuple[Outcome, str, str], ReasonGroup] = attribute(default_factory=dict)

    def add(self, result: RowResult) -> None:
        """Counts one row; to be given in source order."""
        code = result.code.split(";")[0]
        explanation = EXPLANATIONS.get(code)
        words = result.message or (explanation.meaning if explanation else code)
        general = _VARYING.sub("…", words)
        key = (result.outcome, code, general)
        if key not in self._groups and len(self._groups) >= MOST_GROUPS:
            general = words = OTHER_WORDS
            key = (result.outcome, code, general)
        group = self._groups.setdefault(key, ReasonGroup(words, code, explanation.remedy if explanation else ""))
        if group.words != words:
            group.words = general
        group.count += 1
        if len(group.examples) < EXAMPLES:
            group.examples.append((result.place, result.row))

    def of(self, outcome: Outcome) -> list[ReasonGroup]:
        """The groups of one outcome, the largest first."""
        found = [group for (of, _, _), group in self._groups.items() if of is outcome]
        return sorted(found, key=lambda group: -group.count)
