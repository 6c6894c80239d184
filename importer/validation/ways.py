"""Rows that lack the key of the mapping's first way to a lead are checked, and sent, by its second way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np

from importer.blocks import Block, Flags
from importer.codes.rows import Code
from importer.mapping.bound import BoundMapping
from importer.mapping.cells import reason
from importer.mapping.reading import Reading
from importer.validation.issues import Complaint
from importer.validation.validator import CheckedBlock, Validator


class Checks(Protocol):
    """Checks the blocks of one source."""

    def check(self, block: Block) -> CheckedBlock:
        """Reads and checks all values of all rows of a block."""

    def repeated(self, block: Block) -> Flags | None:
        """Rows that are bad for what stands elsewhere in the source; None if there can't be any."""


def validator_of(bound: BoundMapping, source: Callable[[], Iterator[Block]] = lambda: iter(())) -> Checks:
    """What checks the rows of a source by this mapping, along one way or two.

    :param source: gives the blocks that are going to be checked; a rule that looks at all rows reads them first.
    """
    first = Validator(bound, source)
    if bound.otherwise is None:
        return first
    return _TwoWays(bound, first, Validator(bound.otherwise, source))


class _TwoWays:
    """Checks all rows both ways, and takes of each what its own way says."""

    def __init__(self, bound: BoundMapping, first: Validator, second: Validator) -> None:
        assert bound.otherwise is not None, "for mappings of two ways"
        self._keys = bound.lead.address, bound.otherwise.lead.address
        self._neither = Complaint.about_both(bound.lead, bound.otherwise.lead)
        self._first, self._second = first, second

    def repeated(self, block: Block) -> Flags | None:
        return self._first.repeated(block)  # rules for all rows are those of both ways

    def check(self, block: Block) -> CheckedBlock:
        first, second = self._first.check(block), self._second.check(block)
        otherwise = _lack_lead(first.readings[self._keys[0]])
        found = [
            (offset, self._neither.of(issue) if issue.code == Code.LEAD_MISSING else issue)
            for checked, applies in ((first, ~otherwise), (second, otherwise))
            for offset, issue in zip(checked.offsets, checked.issues, strict=True)
            if applies[offset]
        ]
        found.sort(key=lambda entry: entry[0])
        return replace(
            first,
            readings=first.readings | second.readings,
            good=np.where(otherwise, second.good, first.good),
            issues=tuple(issue for _, issue in found),
            offsets=tuple(offset for offset, _ in found),
            otherwise=otherwise,
            leadless=otherwise & _lack_lead(second.readings[self._keys[1]]),
        )


def _lack_lead(key: Reading) -> Flags:
    """Which rows name no lead. One whose cell can't be used, such as an Excel error, is not among them."""
    if key.why is None:
        return np.zeros(len(key.text), np.bool_)
    flags: Flags = key.why == reason(Code.LEAD_MISSING)
    return flags
