"""How far a schedule has come: what was counted, and which fault hit which call."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from importer.sandbox.faults.commits import Commit
from importer.sandbox.faults.fault import Fault
from importer.sandbox.faults.schedule import Schedule
from importer.sandbox.faults.targets import GROUPS, paths_of


@dataclass(frozen=True, slots=True)
class Hit:
    """One fault on one call or connection; moments are UTC texts with microseconds.

    `rule` counts from 1, `number` among the calls of this kind. `stored` activities were there before the client heard
    anything, `stored_late` came at `late_at`. `commit` is None where nothing is stored anyway.
    """

    id: int
    at: str
    kind: str
    number: int
    path: str
    rule: int
    fault: Fault
    commit: Commit | None
    stored: int = 0
    stored_late: int = 0
    late_at: str | None = None
    luck: random.Random = field(default_factory=random.Random, repr=False, compare=False)


class Progress:
    """Counts calls and connections, and draws what befalls them."""

    def __init__(self, schedule: Schedule, now: Callable[[], str]) -> None:
        self.schedule = schedule
        self._now = now
        self._counted: Counter[str] = Counter()
        self._by_rule: Counter[int] = Counter()
        self._hits: dict[int, Hit] = {}
        self._ids = 0

    def connection(self) -> Hit | None:
        """A connection was accepted."""
        return self.call("connection", "connection", kept=False)

    def call(self, kind: str, path: str, *, kept: bool) -> Hit | None:
        """A call came; `kept`: not as the first one on its connection."""
        self._counted[path] += 1
        for place, rule in enumerate(self.schedule.rules, start=1):
            if path not in rule.paths or (rule.times is not None and self._by_rule[place] >= rule.times):
                continue
            number = self._number(rule.paths)
            luck = random.Random(f"{self.schedule.seed}/{place}/{number}")  # noqa: S311 a rehearsal, not a secret
            drawn = rule.draw(kind, luck, kept=kept) if rule.chooses(number, luck) else None
            if drawn is not None:
                return self._note(kind, path, place, *drawn, luck)
        return None

    def _number(self, paths: Iterable[str]) -> int:
        return sum(self._counted[path] for path in paths)

    def _note(self, kind: str, path: str, place: int, fault: Fault, commit: Commit | None, luck: random.Random) -> Hit:
        self._by_rule[place] += 1
        self._ids += 1
        hit = Hit(self._ids, self._now(), kind, self.counted[kind], path, place, fault, commit, luck=luck)
        self._hits[hit.id] = hit
        return hit

    def stored(self, hit: Hit, activities: int) -> None:
        """So many activities are stored before the client hears anything."""
        self._change(hit, stored=activities)

    def stored_late(self, hit: Hit, activities: int) -> None:
        """So many activities are stored now, after the fault."""
        self._change(hit, stored_late=activities, late_at=self._now())

    def _change(self, hit: Hit, **facts: int | str) -> None:
        if self.knows(hit):
            self._hits[hit.id] = replace(self._hits[hit.id], **facts)  # type: ignore[arg-type]  # names of its fields

    def knows(self, hit: Hit) -> bool:
        """Whether nothing was forgotten since this hit."""
        return hit.id in self._hits

    def forget(self) -> None:
        """Begin anew; what was drawn is drawn again."""
        self._counted.clear()
        self._by_rule.clear()
        self._hits.clear()

    @property
    def counted(self) -> dict[str, int]:
        """How many calls came, by the words with which rules count them."""
        numbers = {word: self._number(paths_of(word)) for word in GROUPS}
        return {word: number for word, number in numbers.items() if number}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits, the first one first."""
        return tuple(self._hits.values())

    def hits_of(self, rule: int) -> int:
        """How often a rule was followed; rules count from 1."""
        return self._by_rule[rule]
