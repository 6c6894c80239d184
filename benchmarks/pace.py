"""How near to the account's rate sending gets: on a simulated clock, and for real against a server on this computer.

    python benchmarks/pace.py [--real] [--calls 500] [--peer-calls 100] [--peers plain dlt] [--peer-python PYTHON]

Prints Markdown tables; docs/performance.md holds the latest ones. The optimum of C calls at a limit of N in 5 seconds
is floor((C - 1) / N) * 5 s and the time of one answer.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the simulation is the tests'

from loopback import Loopback, serving
from visits import MAPPING, write_visits

from importer.leadsquared.pacing import Window
from importer.settings import Rate
from tests.sending.traffic import Foreigner, Limiter, Network, OwnKind, Run, optimum

LATENCIES = (0.05, 0.4, 1.5)
FULL = Rate(25, 5.0)
MINUTES = 600.0
SEEDS = range(5)


def network(limiter: Limiter, latency: float, seed: int) -> Network:
    """A road with chance of its own."""
    return Network(limiter, latency=latency, chance=random.Random(seed))  # noqa: S311


def makespans(calls: int) -> None:
    """The limit is known."""
    print(f"\n| latency ± 30 % | makespan of {calls} calls, s | optimum, s | ratio | refusals | under way at most |")
    print("|---|---|---|---|---|---|")
    for latency in LATENCIES:
        runs = [Run(network(Limiter(FULL), latency, seed), Window(FULL), calls).go() for seed in SEEDS]
        best = optimum(calls, FULL, latency)
        span = statistics.median(run.makespan for run in runs)
        refused = max(len(run.network.limiter.refused) for run in runs)
        most = max(run.lane.most_under_way for run in runs)
        print(f"| {latency * 1000:,.0f} ms | {span:.1f} | {best:.1f} | {span / best:.3f} | {refused} | {most} |")


def unknown() -> None:
    """The limit is not known to us."""
    print("\n| limit in 5 s | named in refusals | part of it used after 10 s, 10 minutes, worst | refusals, most |")
    print("|---|---|---|---|")
    for calls in (1, 5, 10, 25):
        for named in (True, False):
            parts, refusals = [], []
            for latency in LATENCIES:
                for seed in SEEDS:
                    limiter = Limiter(Rate(calls, 5.0), named)
                    Run(network(limiter, latency, seed), Window(FULL, stated=False), 10**6, MINUTES).go()
                    used = sum(10 < at < MINUTES for at in limiter.admitted)
                    parts.append(used / ((MINUTES - 10) / 5 * calls))
                    refusals.append(len(limiter.refused))
            print(f"| {calls} | {'yes' if named else 'no'} | {min(parts):.1%} | {max(refusals)} |")


def foreign() -> None:
    """Another program takes half, evenly or at once."""
    print("\n| limit in 5 s | the other | ours let through in 5 s | ours refused | theirs let through in 5 s |")
    print("|---|---|---|---|---|")
    for calls in (5, 10, 25):
        for what in ("half, evenly", "half, at once"):
            ours, refused, theirs = [], [], []
            for latency in LATENCIES:
                for seed in SEEDS:
                    mine, lost, other = _beside(calls, latency, seed, bursts=what.endswith("once"))
                    ours.append(mine)
                    refused.append(lost)
                    theirs.append(other)
            columns = f"{min(ours):.1f} to {max(ours):.1f} | {statistics.mean(refused):.1%}, worst {max(refused):.1%}"
            print(f"| {calls} | {what} | {columns} | {min(theirs):.1f} to {max(theirs):.1f} |")


def _beside(calls: int, latency: float, seed: int, *, bursts: bool) -> tuple[float, float, float]:
    road = network(Limiter(Rate(calls, 5.0)), latency, seed)
    other = Foreigner(road, Rate(max(1, calls // 2), 5.0), bursts)
    other.begin(MINUTES)
    run = Run(road, Window(FULL, stated=False), 10**6, MINUTES).go()
    windows = MINUTES / 5
    lost, mine = len(road.limiter.refused) - other.refused, len(run.settled)
    return mine / windows, lost / (mine + lost), other.admitted / windows


def own_kind() -> None:
    """A second run of ours comes soon, or late; ten minutes later the first one ends."""
    print(
        "\n| limit in 5 s | limit known | the second comes after | first call let through after, median, 95 %, worst"
        " | smaller part, mean, worst | limit used by both | refused, first and second | ended: 90 % of limit after |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for calls in (1, 2, 5, 10, 25):
        for stated in (True, False):
            for what, offsets in (("0.4 to 3 s", (0.4, 0.9, 1.7, 3.0)), ("13 to 60 s", (13.0, 31.0, 60.0))):
                all_of_them = [
                    _shared(calls, offset, latency, seed, stated=stated)
                    for offset in offsets
                    for latency in LATENCIES
                    for seed in SEEDS
                ]
                print(f"| {calls} | {'yes' if stated else 'no'} | {what} | {_columns(all_of_them)} |")


def _columns(seen: list[tuple[float, ...]]) -> str:
    found, part, used, first, second, again = (sorted(column) for column in zip(*seen, strict=True))
    late = int(0.95 * len(seen))
    return " | ".join(
        (
            f"{_seconds(statistics.median(found))}, {_seconds(found[late])}, {_seconds(found[-1])}",
            f"{statistics.mean(part):.0%}, {part[0]:.0%}",
            f"{statistics.mean(used):.0%}",
            f"{statistics.mean(first):.1%}, {statistics.mean(second):.1%}",
            f"{_seconds(statistics.median(again))}, {_seconds(again[int(0.75 * len(seen))])}" if part[0] else "-",
        )
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < MINUTES else "never"


def _shared(calls: int, offset: float, latency: float, seed: int, *, stated: bool) -> tuple[float, ...]:
    """When the second was first let through, the smaller part from a minute after that it came, and so on."""
    rate = Rate(calls, 5.0)
    road = network(Limiter(rate), latency, seed)
    first, second = (OwnKind(road, Window(rate if stated else FULL, stated=stated), each) for each in (seed, -1 - seed))
    end = offset + MINUTES
    first.begin(0.0, end)
    second.begin(offset)
    _until(road, end)
    runs = (first, second)
    refused = [run.refused / (run.refused + len(run.settled)) for run in runs]
    parts = [sum(offset + 60 < at <= end for at in run.settled) for run in runs]
    _until(road, end + 120)
    found = next(iter(second.settled), float("inf")) - offset
    used = sum(parts) / ((MINUTES - 60) / 5 * calls)
    return found, min(parts) / sum(parts), used, *refused, _back(second.settled, end, calls)


def _back(settled: list[float], end: float, calls: int) -> float:
    """Seconds after the end of the other from which on three windows hold 90 % of the limit."""
    three = 3 * 5.25
    for half_seconds in range(200):
        begin = end + half_seconds / 2
        if sum(begin < at <= begin + three for at in settled) >= 0.9 * calls * three / 5:
            return half_seconds / 2
    return float("inf")


def _until(road: Network, moment: float) -> None:
    while road.next_moment <= moment:
        road.step()


def real(calls: int, peer_calls: int, peers: list[str], python: str) -> None:
    """With sockets, threads, a ledger on disk and the whole command."""
    print("\n| latency ± 30 % | program | calls | makespan, s | optimum, s | ratio | refusals |")
    print("|---|---|---|---|---|---|---|")
    for latency in LATENCIES:
        for program in ("lsq-import", *peers):
            count = calls if program == "lsq-import" else peer_calls
            with tempfile.TemporaryDirectory() as folder, serving(Loopback(latency)) as loopback:
                _send(program, Path(folder), loopback, count, python)
                best = optimum(count, FULL, latency)
                span, refused = loopback.makespan, loopback.refused
            figures = f"{count} | {span:.1f} | {best:.1f} | {span / best:.2f} | {refused}"
            print(f"| {latency * 1000:,.0f} ms | {program} | {figures} |", flush=True)


def _send(program: str, folder: Path, loopback: Loopback, calls: int, python: str) -> None:
    path = write_visits(folder / "visits.csv", calls * 25, bad=0.0)
    (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    command = [python, str(Path(__file__).parent / "peers.py"), program, loopback.url, str(path)]
    if program == "lsq-import":
        command = [sys.executable, "-m", "importer", "run", path.name, "-m", "visits.yaml", "-q"]
        command += ["--bulk-rate", str(FULL)]
    keys = {"LSQ_HOST": loopback.url, "LSQ_ACCESS_KEY": "a", "LSQ_SECRET_KEY": "b"}
    keys["LSQ_STATE_DIR"] = str(folder / "state")
    ran = subprocess.run(command, check=False, cwd=folder, env=os.environ | keys, capture_output=True, text=True)
    if ran.returncode:
        raise AssertionError(f"{program} ended with {ran.returncode}: {ran.stderr[-500:]}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--peer-calls", type=int, default=100)
    parser.add_argument("--peers", nargs="*", default=["plain", "dlt"])
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has dlt")
    arguments = parser.parse_args()
    if arguments.real:
        real(arguments.calls, arguments.peer_calls, arguments.peers, arguments.peer_python)
        return
    makespans(arguments.calls)
    unknown()
    foreign()
    own_kind()


if __name__ == "__main__":
    main()
