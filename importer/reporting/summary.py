"""summary.json: what a run was, what became of its rows, and what it used."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from importer.records import Outcome
from importer.reporting.earlier import DIGESTS
from importer.reporting.whole_files import whole_file

SUMMARY: Final = "summary.json"


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One source of a run."""

    path: str
    sha256: str
    rows: int
    """Rows read."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole of a run on one page."""

    run_id: str
    mapping: str
    sources: tuple[SourceSummary, ...]
    account: str
    started_at: datetime
    finished_at: datetime
    counts: Mapping[Outcome, int]
    """An outcome that no row has is 0 or missing."""
    calls: int
    throttled: int
    seconds: float
    """From the first call to the end of the last."""
    issues: Mapping[str, int]
    """Rows by code."""
    exit_code: int | None
    """None as long as the run is not finished."""
    files: Sequence[str]
    digests: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of the files that people correct, by name."""

    @property
    def read(self) -> int:
        """All rows; the six outcomes add up to it."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "run_id": self.run_id,
            "mapping": self.mapping,
            "sources": [{"path": source.path, "sha256": source.sha256, "rows": source.rows} for source in self.sources],
            "account": self.account,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "finished_at": self.finished_at.isoformat(timespec="seconds"),
            "counts": {"read": self.read} | {str(outcome): self.counts.get(outcome, 0) for outcome in Outcome},
            "api": {"calls": self.calls, "throttled": self.throttled, "seconds": round(self.seconds, 3)},
            "issues": dict(self.issues),
            "exit_code": self.exit_code,
            "files": list(self.files),
            DIGESTS: dict(self.digests),
        }


def json_text(value: Any) -> str:
    """A value as one line of JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def write_summary(folder: Path, summary: Summary) -> Summary:
    """Writes the file as the last one, and gives the summary back with its name among the files."""
    names: list[str] = []
    listed = replace(summary, files=[*summary.files, SUMMARY])
    with whole_file(folder / SUMMARY, names) as file:
        file.write((json.dumps(listed.as_json(), ensure_ascii=False, indent=2) + "\n").encode())
    return replace(summary, files=[*summary.files, *names])
