"""One nasty file and what must come out of it, written down by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Shown = str | tuple[str, str, str]
"""What a cell shows; if it is no text, with the name of its kind and what it stores."""


@dataclass(frozen=True)
class Case:
    """A file of the corpus."""

    name: str
    """With the ending that it bears, right or wrong."""
    content: bytes
    header: Sequence[str] = ()
    rows: Mapping[int, Sequence[Shown]] = field(default_factory=dict)
    """By the number that a person sees."""
    faults: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Code and letter of the column, or "" where none can be named."""
    notices: Sequence[str] = ()
    """Words that the notices must have."""
    refused: tuple[str, str] | None = None
    """Code of the error, and words that it must have; then nothing is read."""
    options: Mapping[str, str | int] = field(default_factory=dict)
    header_row: int = 1

    def expected(self) -> dict[str, Any]:
        """The file's other half."""
        options = {"options": dict(self.options)} if self.options else {}
        if self.refused:
            return {**options, "refused": list(self.refused)}
        faults = {str(row): list(fault) for row, fault in self.faults.items()}
        return {
            **options,
            "header": list(self.header),
            "header_row": self.header_row,
            "rows": [
                [number, [cell if isinstance(cell, str) else list(cell) for cell in cells]]
                for number, cells in self.rows.items()
            ],
            **({"faults": faults} if faults else {}),
            **({"notices": list(self.notices)} if self.notices else {}),
        }
