"""issues.csv: every fault of every row, with the exact address of its cell, and the same grouped for the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from importer.codes import EXPLANATIONS
from importer.records import Issue
from importer.reporting.delimited import neutralised, record
from importer.reporting.whole_files import whole_file

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

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path) -> Iterator["IssuesFile"]:
        """Opens the file; it appears when everything has been added."""
        with whole_file(folder / ISSUES) as target:
            target.write(record(COLUMNS).encode())
            yield cls(target)

    def add(self, issue: Issue) -> None:
        """Lists one issue."""
        fields = (
            issue.place.source,
            issue.place.sheet or "",
            str(issue.row),
            issue.column,
            issue.header,
            issue.value,
            issue.rule,
            issue.code,
            issue.message,
            EXPLANATIONS[issue.code].remedy,
        )
        self.target.write(record(map(neutralised, fields)).encode())


@dataclass(slots=True)
class IssueGroup:
    """Equal faults of one column."""

    message: str
    remedy: str
    count: int = 0
    examples: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class IssueGroups:
    """Ten thousand equal faults are one line with a count and a few examples."""

    _groups: dict[tuple[str, str, str], IssueGroup] = field(default_factory=dict)

    def add(self, issue: Issue) -> None:
        """Counts an issue."""
        # What is said of a row names its own numbers of fields; of a cell, only the mapping's words.
        message = issue.general or (issue.message if issue.header else EXPLANATIONS[issue.code].meaning)
        key = (issue.code, issue.column, message)
        group = self._groups.setdefault(key, IssueGroup(message, EXPLANATIONS[issue.code].remedy))
        group.count += 1
        if len(group.examples) < EXAMPLES:
            group.examples.append(issue)

    def by_weight(self) -> list[IssueGroup]:
        """The groups, the largest first."""
        return sorted(self._groups.values(), key=lambda group: -group.count)

    def codes(self) -> dict[str, int]:
        """How many issues have each code."""
        counted: dict[str, int] = {}
        for (code, _, _), group in self._groups.items():
            counted[code] = counted.get(code, 0) + group.count
        return dict(sorted(counted.items()))
