"""Blocks of rows in, checked blocks out: which rows are good, and every issue of those that are not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandera.pandas as pandera

from importer.codes import Code
from importer.mapping.bound import BoundMapping, RuleKind
from importer.mapping.cells import Reasons
from importer.mapping.reading import Reading, read_value
from importer.records import Block, Flags, Issue
from importer.validation.issues import cell_issue, row_issue, rule_issue
from importer.validation.row_rules import NO_REPEATS, broken, find_repeats
from importer.validation.schema import REASON, RULE, frame_of, schema_of


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
    otherwise: Flags | None = None
    """Which rows go the mapping's second way, if it has one."""

    def faulty_rows(self) -> Iterator[tuple[int, tuple[Issue, ...]]]:
        """Offset and issues of each row that is not good."""
        for row, issues in groupby(self.issues, key=lambda issue: issue.row):
            yield int(np.searchsorted(self.block.rows, row)), tuple(issues)


class Validator:
    """A mapping's rules, ready for the blocks of one source."""

    def __init__(self, bound: BoundMapping, source: Callable[[], Iterator[Block]] = lambda: iter(())) -> None:
        """Compiles the rules of a mapping.

        :param source: gives the blocks that are going to be checked; a rule that looks at all rows reads them first.
        """
        self._values = {value.address: value for value in bound.values() if not value.constant}
        self._rules = bound.rules
        self._repeats = [
            find_repeats(rule, source()) if rule.kind is RuleKind.UNIQUE else NO_REPEATS for rule in bound.rules
        ]
        self._schema = schema_of(bound)

    def check(self, block: Block) -> CheckedBlock:
        """Reads and checks all values of all rows of a block."""
        readings = [read_value(value, block) for value in self._values.values()]
        found = [(offset, -1, row_issue(block, offset)) for offset in block.faults]
        rules = [broken(rule, repeats, block) for rule, repeats in zip(self._rules, self._repeats, strict=True)]
        order = {address: index for index, address in enumerate(self._values)}
        for offset, address, code in self._failures(readings, rules, frozenset(block.faults)):
            if address in self._values:
                found.append((offset, order[address], cell_issue(block, offset, self._values[address], code)))
            else:
                place = int(address.removeprefix(RULE))
                found.append((offset, len(order) + place, self._rule_issue(block, offset, place, code)))
        found.sort(key=lambda entry: entry[:2])
        good = np.ones(len(block), np.bool_)
        good[[offset for offset, _, _ in found]] = False
        return CheckedBlock(
            block=block,
            readings={reading.value.address: reading for reading in readings},
            good=good,
            issues=tuple(issue for _, _, issue in found),
        )

    def _rule_issue(self, block: Block, offset: int, place: int, code: str) -> Issue:
        rule = self._rules[place]
        other = self._repeats[place].other(block, offset) if rule.kind is RuleKind.UNIQUE else None
        return rule_issue(block, offset, rule, code, other)

    def _failures(
        self, readings: list[Reading], rules: list[Reasons], unusable: frozenset[int]
    ) -> list[tuple[int, str, str]]:
        """Offset of the row, address of the value or rule, and code, for each fault of a row that could be read."""
        try:
            self._schema.validate(frame_of(readings, rules, self._schema), lazy=True, inplace=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
        else:
            return []
        if cases["index"].isna().any():
            raise AssertionError(f"a check failed without naming rows: {sorted(set(cases['check']))}")
        failures: dict[tuple[int, str], list[str]] = {}
        columns = (cases[name].tolist() for name in ("index", "column", "check", "failure_case"))
        for offset, column, check, case in zip(*columns, strict=True):
            if offset in unusable:
                continue
            codes = failures.setdefault((int(offset), column.removesuffix(REASON)), [])
            codes.append(case if column.endswith(REASON) else _code_of(check))
        return [
            (offset, address, code) for (offset, address), codes in failures.items() for code in _without_echo(codes)
        ]


def _code_of(check: str) -> str:
    return Code.REQUIRED_EMPTY if check == "not_nullable" else check


def _without_echo(codes: list[str]) -> list[str]:
    """A formula without a value is not also an empty cell."""
    if Code.FORMULA_WITHOUT_VALUE in codes:
        return [Code.FORMULA_WITHOUT_VALUE]
    return codes
