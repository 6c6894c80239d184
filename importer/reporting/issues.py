"""issues.csv: every fault of every row, with the exact address of its cell, and the same grouped for the terminal."""

from dataclasses import dataclass, field
from typing import BinaryIO, Final

from importer.codes import EXPLANATIONS
from importer.records import Issue
from importer.reporting.delimited import neutralised, record

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
LONGEST_SHOWN: Final = 60


def write_header(target: BinaryIO) -> None:
    """Begins the file."""
    target.write(record(COLUMNS).encode())


def write_issue(target: BinaryIO, issue: Issue) -> None:
    """Adds one issue."""
    explanation = EXPLANATIONS[issue.code]
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
        explanation.remedy,
    )
    target.write(record(map(neutralised, fields)).encode())


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
        message = issue.message if issue.header else EXPLANATIONS[issue.code].meaning
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


def one_line(text: str) -> str:
    """A cell for the terminal: short, on one line, without characters that could move the cursor or the eye."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
