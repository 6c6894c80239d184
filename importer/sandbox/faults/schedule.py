"""A schedule: rules in order, the first that fits a call wins, and a seed for what is left to chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from importer.sandbox.faults.files import read_schedule
from importer.sandbox.faults.rules import Rule


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rules in order. What is drawn depends on the seed, the rule and the number of the call, and on nothing else."""

    rules: Sequence[Rule] = ()
    seed: int = 0

    @classmethod
    def of(cls, *rules: str, seed: int = 0) -> Self:
        """Rules in one line each, such as `reset bulk 3 commit=late:2`; raises RuleError."""
        return cls([Rule.read(each) for each in rules], seed)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a YAML or JSON file; raises ScheduleFileError, or OSError."""
        content = read_schedule(path)
        return cls(content.rules, content.seed)
