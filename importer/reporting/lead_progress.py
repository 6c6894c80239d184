"""How far the reading of many leads is: a bar on a terminal, nothing elsewhere."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TextIO

from tqdm import tqdm


@dataclass(slots=True)
class LeadBar:
    """Shows leads done, their rate and the time left."""

    stream: TextIO
    expected: int | None
    """Leads there will be, about, if that is known."""
    shown: bool
    _bar: "tqdm[Any] | None" = None

    def advance(self, failed: int) -> None:
        """One more lead is done; so many have failed so far."""
        with suppress(OSError, ValueError):  # a terminal that was closed ends the talk, not the reading
            if self.shown and self._bar is None:
                self._bar = tqdm(total=self.expected, unit="lead", file=self.stream, dynamic_ncols=True, smoothing=0.1)
            if self._bar is not None:
                self._bar.set_postfix(failed=failed, refresh=False)
                self._bar.update()

    def say(self, text: str) -> None:
        """Says something without spoiling the bar."""
        with suppress(OSError, ValueError):
            if self._bar is None:
                print(f"lsq-import: {text}", file=self.stream, flush=True)
            else:
                self._bar.write(f"lsq-import: {text}", file=self.stream)

    def finished(self) -> None:
        """Nothing more will come."""
        with suppress(OSError, ValueError):
            if self._bar is not None:
                self._bar.close()
