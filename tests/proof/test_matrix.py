"""Every fault of the network and of HTTP: nothing doubled, lost, claimed, denied or leaked."""

from pathlib import Path

import pytest

from importer.sandbox.faults.catalogue import SECTIONS

from .matrix import ALL_GROUPS, go_through_all, names_covered, some_cases
from .nursery import Nursery


@pytest.mark.parametrize("group", ALL_GROUPS)
def test_no_fault_of_a_call_doubles_loses_or_leaks_anything(group: str, tmp_path: Path, processes: Nursery) -> None:
    """Each fault at the first, the middle and the last call, with rows that are there, are not, or come later."""
    results = go_through_all([case for case in some_cases() if case.group == group], tmp_path, processes)
    wrong = [f"{each.case}: {each.findings.wrong}" for each in results if each.findings.wrong]
    assert not wrong, "\n".join(wrong)


def test_every_fault_of_the_sandbox_has_its_cases() -> None:
    """No fault is left out but those of storing, and keys that don't see what they write."""
    cases = list(some_cases())
    assert len(cases) >= 216
    assert {case.group for case in cases} == set(ALL_GROUPS)
    faults = {entry.name for name, entries in SECTIONS.items() if name != "Storing" for entry in entries}
    assert faults - names_covered(cases) == {"read-restricted"}
