"""What is going on while a run is sending: a bar on a terminal, nothing elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TextIO

from tqdm import tqdm

_FORMAT: Final = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
"""tqdm's own without its guess of the time left, which knows nothing of bursts."""


@dataclass(slots=True)
class ProgressBar:
    """Shows rows done, their rate, the time left, and how many were created or failed."""

    stream: TextIO
    expected: int | None
    """Rows there will be, as far as is known."""
    shown: bool
    """Whether to show a bar at all."""
    verbose: bool = False
    """Whether to tell of every call."""
    quiet: bool = False
    """Whether to tell of nothing."""
    time_left: Callable[[float, float], float | None] = lambda _rows, _done: None
    """Seconds until so many rows more are sent, if so many were; None if that can't be said."""
    _bar: "tqdm[Any] | None" = None
    _read: int = 0
    _to_send: int = 0
    _sent: int = 0
    _created: int = 0
    _failed: int = 0

    def planned(self, rows: int, to_send: int) -> None:
        """Rows were read; those that are not sent are done."""
        self._read += rows
        self._to_send += to_send
        self._advance(rows - to_send)

    def all_read(self, rows: int) -> None:
        """There are this many rows, and no more."""
        self.expected = rows
        with self._while_somebody_looks():
            if self._bar is not None:
                self._bar.total = rows
                self._bar.refresh()

    def settled(self, created: int, rejected: int) -> None:
        """A call brought its receipts."""
        self._created += created
        self._failed += rejected
        if self.verbose:
            self._say(f"a call brought {created} created, {rejected} rejected")
        self._sent += created + rejected
        self._advance(created + rejected)

    def doubted(self, rows: int, cause: str) -> None:
        """A call ended without proof of what it did."""
        self._say(f"{rows_in_words(rows)} in doubt, to be looked up in LeadSquared: {cause}")

    def looked_up(self, created: int, absent: int) -> None:
        """Rows in doubt were found, or are not there for certain."""
        if created:
            self._created += created
            self._sent += created
            self._say(f"{rows_in_words(created)} in LeadSquared after all")
            self._advance(created)
        if absent:
            self._say(f"{rows_in_words(absent)} not in LeadSquared, for certain")

    def waiting(self, seconds: float, rows: int) -> None:
        """All that is left to do is to look up rows in doubt."""
        self._say(f"waiting {seconds:.0f} s, then {rows_in_words(rows)} looked up once more")

    def queue_is(self, pending: int, delay: float) -> None:
        """So many requests wait in the account's queue."""
        self._say(f"LeadSquared's queue: {pending:,} requests, the oldest has waited {delay:.0f} s")

    def paused(self, seconds: float, cause: str) -> None:
        """Sending waits."""
        self._say(f"waiting {_in_words(seconds)}: {cause}")

    def finished(self) -> None:
        """Nothing more will come."""
        with self._while_somebody_looks():
            if self._bar is not None:
                self._bar.close()

    def _advance(self, rows: int) -> None:
        if not self.shown:
            return
        with self._while_somebody_looks():
            if self._bar is None:
                self._bar = tqdm(
                    total=self.expected, unit="row", file=self.stream, dynamic_ncols=True, bar_format=_FORMAT
                )
            bar = self._bar
            shown = {"left": self.left()} if self._sent and self.expected else {}
            bar.set_postfix(shown | {"created": self._created, "failed": self._failed}, refresh=False)
            bar.update(rows)

    def seconds_left(self) -> float | None:
        """Until all rows are sent: those that are read, and of the others as many as of these."""
        part = self._to_send / self._read if self._read else 1.0
        rows = self._to_send - self._sent + max(0, (self.expected or 0) - self._read) * part
        return self.time_left(rows, self._sent)

    def left(self) -> str:
        """The same in words."""
        seconds = self.seconds_left()
        return "?" if seconds is None else str(tqdm.format_interval(round(seconds)))

    def _say(self, text: str) -> None:
        if self.quiet:
            return
        with self._while_somebody_looks():
            line = f"lsq-import: {text}"
            if self._bar is not None:
                self._bar.write(line, file=self.stream)
            else:
                print(line, file=self.stream, flush=True)  # this is the terminal's edge

    @contextmanager
    def _while_somebody_looks(self) -> Iterator[None]:
        """A terminal that was closed ends the talk, not the run."""
        try:
            yield
        except (OSError, ValueError):
            self.shown = False


def _in_words(seconds: float) -> str:
    """`5 s`, and less than one as what it is: nobody waits 0 s."""
    return "a moment" if seconds < 0.05 else f"{seconds:.1f} s" if seconds < 0.95 else f"{seconds:.0f} s"


def rows_in_words(rows: int) -> str:
    """`1 row is`, `25 rows are`."""
    return "1 row is" if rows == 1 else f"{rows:,} rows are"
