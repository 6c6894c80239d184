"""Kills at random, calls that go wrong at random: the rows are there once, and nothing else is said of them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .nursery import Nursery
from .torture import Torture, torment


def test_kills_and_faults_double_nothing_lose_nothing_and_claim_nothing(tmp_path: Path, processes: Nursery) -> None:
    """Sixty kills over 3,000 rows with a quarter of the calls faulty leave every row there once, and settled; without
    an import key none is there twice, and those that are not there are named.
    """
    with ThreadPoolExecutor(2) as pool:
        keyed = pool.submit(torment, Torture(3000, 60, 1), tmp_path / "keyed", processes)
        plain = pool.submit(torment, Torture(1000, 20, 2, keyed=False), tmp_path / "plain", processes)
        ordeals = [keyed.result(), plain.result()]
    for ordeal in ordeals:
        assert not ordeal.findings.wrong, ordeal
        assert ordeal.kills == ordeal.torture.kills
        assert ordeal.hits > ordeal.calls / 8, "calls went wrong"
    assert ordeals[0].findings.unknown == 0
    assert ordeals[0].findings.created + ordeals[0].findings.rejected == 3000
