"""Death at every point of the write path, and again on the way back."""

from pathlib import Path

from .deaths import deaths_in_short, die_all, survey
from .nursery import Nursery
from .points import STEPS


def test_death_anywhere_costs_nothing(tmp_path: Path, processes: Nursery) -> None:
    """Wherever a run dies, and wherever the next one does, the one after it brings all rows to their end, each once."""
    whole, continued = survey(tmp_path, processes)
    names = {name for name, _ in whole + continued}
    steps = sum(len(methods) for methods in STEPS.values())
    assert len({name.rpartition(",")[0] for name in names if "," in name}) >= steps - 2, "the way leads through all"
    afterwards = die_all(deaths_in_short(whole, continued), tmp_path, processes)
    wrong = [f"{each.deaths}: {each.findings.wrong}" for each in afterwards if each.findings.wrong]
    assert not wrong, "\n".join(wrong)
    died = {point[0] for each in afterwards for point in each.died}
    assert names - died == set(), "each point has had its death"
