"""issues.csv: every fault of every row, with the exact address of its cell, and the same grouped for the terminal."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from importer.blocks import Place
from importer.codes.number_marks import Marks, marks_of_issue, remedy_of, remedy_of_all
from importer.codes.rows import EXPLANATIONS
from importer.records import Issue
from importer.reporting.delimited import field, record
from importer.reporting.whole_files import whole_file
from importer.text_files.formulas import neutralised

ISSUES: Final = "issues.csv"
COLUMNS: Final = (
    "Source",
    "Sheet",
    "Row",
    "Column",
    "Header",
    "Value",
    "Rule",
    "Code",
    "Message",
    "Remedy",
)

EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class IssuesFile:
    """The file while it is being written."""

    target: BinaryIO
    written: list[str]
    """Its name, when this has been left."""

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path) -> Iterator["IssuesFile"]:
        """Opens the file; it appears when everything has been added."""
        names: list[str] = []
        with whole_file(folder / ISSUES, names) as target:
            target.write(record(COLUMNS).encode())
            yield cls(target, names)

    def add(self, issue: Issue) -> None:
        """Lists one issue."""
        said = (issue.column, issue.header), (issue.rule, issue.code, issue.message, remedy_of(issue))
        place, (cell, wrong) = (issue.place.source, issue.place.sheet or ""), map(_written, said)
        self.target.write(f"{_written(place)},{issue.row},{cell},{field(neutralised(issue.value))},{wrong}\n".encode())


@lru_cache(maxsize=1024)
def _written(texts: tuple[str, ...]) -> str:
    """Fields as they stand in the file; what is said of one row is mostly said of many."""
    return record(map(neutralised, texts), newline="")


@dataclass(slots=True)
class IssueGroup:
    """Equal faults of one column."""

    message: str
    usual_remedy: str
    count: int = 0
    """Rows."""
    examples: list[Issue] = attribute(default_factory=list)
    marked: dict[tuple[Marks, ...], str] = attribute(default_factory=dict)
    """By the marks that read a number: the first cell of which this is true."""

    @property
    def remedy(self) -> str:
        """What to do, as far as all of the cells tell."""
        return remedy_of_all(self.usual_remedy, [(text, marks) for marks, text in self.marked.items()])


@dataclass(slots=True)
class IssueGroups:
    """Ten thousand equal faults are one line with a count and a few examples."""

    _groups: dict[tuple[str, str, str], IssueGroup] = attribute(default_factory=dict)
    _rows: Counter[str] = attribute(default_factory=Counter)
    """By code."""
    _latest: dict[str, tuple[Place, int]] = attribute(default_factory=dict)
    """The row that was counted last, by code."""

    def add(self, issue: Issue) -> None:
        """Counts an issue; all issues of one row are added one after the other."""
        if self._latest.get(issue.code) != (issue.place, issue.row):
            self._latest[issue.code] = issue.place, issue.row
            self._rows[issue.code] += 1
        # What is said of a row names its own numbers of fields; of a cell, only the mapping's words.
        message = issue.general or (issue.message if issue.header else EXPLANATIONS[issue.code].meaning)
        key = (issue.code, issue.column, message)
        group = self._groups.setdefault(key, IssueGroup(message, EXPLANATIONS[issue.code].remedy))
        group.count += 1
        marks = marks_of_issue(issue)
        if marks:
            group.marked.setdefault(marks, issue.value.strip())
        if len(group.examples) < EXAMPLES:
            group.examples.append(issue)

    def by_weight(self) -> list[IssueGroup]:
        """The groups, the largest first."""
        return sorted(self._groups.values(), key=lambda group: -group.count)

    def codes(self) -> dict[str, int]:
        """How many rows have each code."""
        return dict(sorted(self._rows.items()))
