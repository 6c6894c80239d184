"""Blocks of rows in, checked blocks out: which rows are good, and every issue of those that are not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from importer.blocks import Block, Flags
from importer.mapping.bound import BoundMapping, RuleKind
from importer.mapping.reading import Reading, read_value
from importer.records import Issue
from importer.validation.issues import Complaint, at_fault, cell_issue, row_issue, rule_issue
from importer.validation.row_rules import NO_REPEATS, broken, find_repeats

if TYPE_CHECKING:
    from importer.validation.schema import Rules


@dataclass(frozen=True, slots=True)
class CheckedBlock:
    """A block with everything that is to be known about its rows."""

    block: Block
    readings: dict[str, Reading]
    """By the value's address; constants have none."""
    good: Flags
    """Which rows can be sent."""
    issues: tuple[Issue, ...]
    """In row order; rows that are good have none."""
    offsets: tuple[int, ...]
    """For each issue, the offset of its row in the block."""
    otherwise: Flags | None = None
    """Which rows go the mapping's second way, if it has one."""
    leadless: Flags | None = None
    """Which rows lack the keys of both ways, if there are two."""

    def faulty_rows(self) -> Iterator[tuple[int, tuple[Issue, ...]]]:
        """Offset and issues of each row that is not good."""
        for offset, found in groupby(zip(self.offsets, self.issues, strict=True), key=itemgetter(0)):
            yield offset, tuple(issue for _, issue in found)


class Validator:
    """A mapping's rules, ready for the blocks of one source."""

    def __init__(self, bound: BoundMapping, source: Callable[[], Iterator[Block]] = lambda: iter(())) -> None:
        """Compiles the rules of a mapping.

        :param source: gives the blocks that are going to be checked; a rule that looks at all rows reads them first.
        """
        self._values = [value for value in bound.values() if not value.constant]
        self._rules = bound.rules
        self._repeats = [
            find_repeats(rule, source()) if rule.kind is RuleKind.UNIQUE else NO_REPEATS for rule in bound.rules
        ]
        self._complaints: dict[tuple[int, str, tuple[int, ...]], Complaint] = {}
        self._bound = bound

    def check(self, block: Block) -> CheckedBlock:
        """Reads and checks all values of all rows of a block."""
        readings = [read_value(value, block) for value in self._values]
        found = [(offset, -1, row_issue(block, offset)) for offset in block.faults]
        rules = [broken(rule, repeats, block) for rule, repeats in zip(self._rules, self._repeats, strict=True)]
        failures = self._checks.failures(readings, rules, frozenset(block.faults)) if len(block) else []
        for offset, place, code in failures:
            found.append((offset, place, self._issue(block, offset, place, code)))
        found = _each_once(found)
        good = np.ones(len(block), np.bool_)
        good[[offset for offset, _, _ in found]] = False
        return CheckedBlock(
            block=block,
            readings={reading.value.address: reading for reading in readings},
            good=good,
            issues=tuple(issue for _, _, issue in found),
            offsets=tuple(offset for offset, _, _ in found),
        )

    def repeated(self, block: Block) -> Flags | None:
        """Rows that are bad for what stands elsewhere in the source; None if there can't be any."""
        repeats = [each for each in self._repeats if len(each.places)]
        return np.any([each.within(block) for each in repeats], axis=0) if repeats else None

    def _issue(self, block: Block, offset: int, place: int, code: str) -> Issue:
        if place < len(self._values):
            value = self._values[place]
            key = place, code, at_fault(block, offset, value, code)
            if key not in self._complaints:
                self._complaints[key] = Complaint.about(value, code, key[2], block.header.names)
            return cell_issue(block, offset, value, self._complaints[key])
        rule, repeats = self._rules[place - len(self._values)], self._repeats[place - len(self._values)]
        other = repeats.other(block, offset) if rule.kind is RuleKind.UNIQUE else None
        return rule_issue(block, offset, rule, code, other)

    @cached_property
    def _checks(self) -> "Rules":
        # pandera takes 0.4 s to load, and a file whose rows are all known asks nothing of it.
        from importer.validation.schema import Rules  # noqa: PLC0415

        return Rules(self._bound)


def _each_once(found: list[tuple[int, int, Issue]]) -> list[tuple[int, int, Issue]]:
    """Issues in the order of their rows, and in a row of its values. A cell that several values are made from has one
    fault, not one for each of them, unless they ask different things of it.
    """
    found.sort(key=itemgetter(0, 1))
    kept: list[tuple[int, int, Issue]] = []
    for _, of_row in groupby(found, key=itemgetter(0)):
        issues: list[Issue] = []
        for entry in of_row:
            if entry[2] not in issues:
                issues.append(entry[2])
                kept.append(entry)
    return kept
