"""An open ledger, and what is done with it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from importer.ledger.doubts import DoubtBook
from importer.ledger.earlier_sources import EarlierSources, SourceNow, earlier_sources
from importer.ledger.entries import Account, Known, Run
from importer.ledger.faults import LedgerUnwritable
from importer.ledger.journal import Journal
from importer.ledger.memory import known_activities
from importer.ledger.opening import open_engine, open_to_read, salt_of
from importer.ledger.pace import PaceBook
from importer.ledger.place import LEDGER, has_ledger
from importer.ledger.runs import RunBook
from importer.ledger.soundness import Soundness
from importer.ledger.stretches import StretchBook
from importer.ledger.views import RunView


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger. All writing is done by one thread."""

    engine: Engine
    salt: bytes
    """What the keys of activities are made with."""
    now: Callable[[], datetime]
    is_new: bool = False
    """Whether it was made just now: it remembers nothing."""
    _paces: dict[str, PaceBook] = field(default_factory=dict)

    @property
    def runs(self) -> RunBook:
        """Which runs there were."""
        return RunBook(self.engine, self.salt, self.now)

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """What is known of these activities; new ones are missing from the answer."""
        return known_activities(self.engine, keys)

    def earlier_sources(self, account: Account, now: SourceNow, first_rows: int) -> EarlierSources:
        """What earlier runs have created of a file while they took its rows for something else."""
        return earlier_sources(self.engine, account, now, first_rows)

    def journal(self, run: Run) -> Journal:
        """Where one run is written down."""
        pace = self._paces.get(run.account_id)
        if pace is None:
            return Journal(self.engine, run, self.now)
        return Journal(self.engine, run, self.now, pace.write_announced)

    def stretches(self, run: Run) -> StretchBook:
        """The stretches of rows that a run meets."""
        return StretchBook(self.engine, run)

    def doubts(self, run: Run) -> DoubtBook:
        """What is in doubt in one run."""
        return DoubtBook(self.engine, run, self.now)

    def pace(self, account: Account) -> PaceBook:
        """How fast an account takes calls, and how many it has had."""
        return self._paces.setdefault(account.id, PaceBook(self.engine, account.id, self.now))

    def view(self, run: Run) -> RunView:
        """What there is to read of one run."""
        return RunView(self.engine, run, tuple(self.runs.sources(run)))


@contextmanager
def open_ledger(
    state: Path, now: Callable[[], datetime], *, thoroughly: bool = False, only_read: bool = False
) -> Iterator[Ledger]:
    """The ledger of a state folder, made if there is none.

    :param thoroughly: the file is looked through even if it is as it was left, a short while ago.
    :param only_read: nothing is going to be written into it, so that it need not be writable.
    :raises LedgerError: it can't be trusted; nothing may be sent.
    :raises LedgerUnwritable: it can't be made, written, or read.
    """
    soundness = Soundness(state / LEDGER, now())
    checked_at = None if thoroughly else soundness.checked_at()
    if checked_at is None:
        soundness.forget()
    is_new = not has_ledger(state)
    try:
        engine = open_engine(state, sound=checked_at is not None)
    except LedgerUnwritable:
        if is_new or not only_read:
            raise
        engine = open_to_read(state, sound=checked_at is not None)
    try:
        yield Ledger(engine, salt_of(state, engine), now, is_new)
    finally:
        engine.dispose()
    soundness.left(checked_at or soundness.now)
