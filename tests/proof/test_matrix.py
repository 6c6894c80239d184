"""Every fault of the network and of HTTP: nothing doubled, lost, claimed, denied or leaked."""

from pathlib import Path

from importer.sandbox.faults.catalogue import SECTIONS

from .matrix import go_through_all, names_covered, some_cases
from .nursery import Nursery


def test_no_fault_of_a_call_doubles_loses_or_leaks_anything(tmp_path: Path, processes: Nursery) -> None:
    """Each fault at the first, the middle and the last call, with rows that are there, are not, or come later."""
    cases = list(some_cases())
    results = go_through_all(cases, tmp_path, processes)
    wrong = [f"{each.case}: {each.findings.wrong}" for each in results if each.findings.wrong]
    assert not wrong, "\n".join(wrong)
    assert len(cases) >= 216
    left_out = {entry.name for name, entries in SECTIONS.items() if name != "Storing" for entry in entries}
    assert left_out - names_covered(cases) == {"read-restricted"}, "no fault of the sandbox is left out"
