"""Death at each named point of the write path, and once more at each point of the recovery from it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from importer.sandbox.server import SandboxServer

from .checking import Findings, check
from .nursery import Nursery, Order
from .points import DEAD
from .torture import command_line, workers
from .world import World, account

Point: TypeAlias = tuple[str, int]
"""A name, and the how-manieth time that it is reached."""

ROWS: Final = 103
POISON: Final = 102
"""A row in the last one of five calls, one of three rows, for which its whole call fails."""

RULES: Final = (
    "reset bulk 2 commit=before",
    "rate-limit bulk 4 words=false",
    "reset bulk 5 commit=never",
)
HURRY: Final = 10.0
SETTLE: Final = 6.0
TIMEOUT: Final = 5.0
"""Seconds; those of a settle time pass ten times faster than ours."""

STARTS_AT_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Deaths:
    """A run that dies at a point, and perhaps its continuation at another."""

    first: Point
    second: Point | None = None

    def __str__(self) -> str:
        words = [f"{name} ({number})" for name, number in filter(None, (self.first, self.second))]
        return "; then ".join(words)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was left of it when all had ended."""

    deaths: Deaths
    died: tuple[Point, ...]
    """Where it really died: a point may be passed less often than in the run that showed the way."""
    findings: Findings


@dataclass(slots=True)
class Grave:
    """A world whose runs die."""

    world: World
    server: SandboxServer
    nursery: Nursery
    settle: float = SETTLE

    def start(self, point: Point | None = None, trace: str = "") -> int:
        """Starts the command; gives its exit code."""
        said = self.world.logs / "said.txt"
        order = Order(
            command_line(self.settle, TIMEOUT),
            str(self.world.folder),
            self.world.environment(self.server),
            str(said),
            point,
            trace,
            HURRY,
        )
        return self.nursery.start(order).wait(60)

    def finish(self) -> Findings:
        """Starts it until it ends by itself with all rows settled; compares what is said with what is there."""
        codes = []
        for _ in range(STARTS_AT_MOST):
            codes.append(self.start())
            if codes[-1] in (0, 1):
                break
        found = check(self.world, self.server.store.activities.all())
        if min(codes) < 0:
            found.wrong.append("a process did not end by itself")
        if codes[-1] != 1 or found.rejected != 1:
            found.wrong.append(f"exit codes {codes}, {found.rejected} rows refused instead of one")
        return found


def survey(folder: Path, nursery: Nursery) -> tuple[list[Point], list[Point]]:
    """The points of a whole run, and those of one that goes on after a death in the middle: which, and how often."""
    paths = []
    for name, death in (("whole", None), ("continued", ("call: intend, after", 4))):
        world = World.made(folder / name, ROWS, keyed=True, poison=POISON)
        with account(*RULES, whole_calls_fail=True) as server:
            grave = Grave(world, server, nursery)
            if death:
                assert grave.start(death) == DEAD
            trace = folder / f"{name}.txt"
            grave.start(trace=str(trace))
            paths.append(_first_middle_last(trace.read_text(encoding="utf-8").splitlines()))
    return paths[0], paths[1]


def _first_middle_last(passed: Sequence[str]) -> list[Point]:
    return [
        (name, number) for name, times in Counter(passed).items() for number in sorted({1, (times + 1) // 2, times})
    ]


def all_deaths(whole: Sequence[Point], continued: Sequence[Point]) -> Iterator[Deaths]:
    """Every point of a run; and every point once more, each with another point at which its recovery dies.

    The second points are gone through in turn, so that each has its deaths as well.
    """
    for place, point in enumerate(whole):
        yield Deaths(point)
        yield Deaths(point, continued[place % len(continued)])
    firsts = [point for point in whole if point[1] == 1]
    for place in range(len(whole), len(continued)):
        yield Deaths(firsts[place % len(firsts)], continued[place])


def deaths_in_short(whole: Sequence[Point], continued: Sequence[Point]) -> list[Deaths]:
    """Every name once as the first death, at its first, its middle or its last time, and once as the second; those
    around calls by themselves as well.
    """
    firsts, seconds = _by_name(whole), _by_name(continued)
    chosen = [points[place % len(points)] for place, points in enumerate(firsts)]
    pairs = [
        Deaths(chosen[place % len(chosen)], seconds[place % len(seconds)][0])
        for place in range(max(len(chosen), len(seconds)))
    ]
    return [*pairs, *(Deaths(point) for point in chosen if point[0].startswith(("call: ", "post: ")))]


def _by_name(points: Sequence[Point]) -> list[list[Point]]:
    named: dict[str, list[Point]] = {}
    for point in points:
        named.setdefault(point[0], []).append(point)
    return list(named.values())


def every_pair(whole: Sequence[Point], continued: Sequence[Point]) -> Iterator[Deaths]:
    """Every name of a run with every name of a recovery, at their first times."""
    for first in whole:
        for second in continued:
            if first[1] == second[1] == 1:
                yield Deaths(first, second)


def die(deaths: Deaths, folder: Path, nursery: Nursery) -> Aftermath:
    """Dies, goes on, and looks at what is left."""
    world = World.made(folder, ROWS, keyed=True, poison=POISON)
    with account(*RULES, whole_calls_fail=True) as server:
        grave = Grave(world, server, nursery)
        points = [point for point in (deaths.first, deaths.second) if point is not None]
        died = tuple(point for point in points if grave.start(point) == DEAD)
        return Aftermath(deaths, died, grave.finish())


def die_all(
    cases: Sequence[Deaths], folder: Path, nursery: Nursery, told: Callable[[str], None] = lambda _: None
) -> list[Aftermath]:
    """Goes through all of them, some side by side."""

    def one(numbered: tuple[int, Deaths]) -> Aftermath:
        number, deaths = numbered
        aftermath = die(deaths, folder / str(number), nursery)
        told(f"{number + 1} of {len(cases)}: {deaths}: {aftermath.findings.wrong or 'as it should be'}")
        return aftermath

    with ThreadPoolExecutor(workers() * 2) as pool:
        return list(pool.map(one, enumerate(cases)))
