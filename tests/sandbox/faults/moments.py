"""Time that stands still until a test moves it, and waiting for what another thread does."""

import asyncio
import time
from collections.abc import Callable

from tests.sandbox.calling import Time


class HeldTime(Time):
    """A clock whose pauses last until a test lets that much time go by."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[tuple[float, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def pause(self, seconds: float) -> None:
        """Wait until `forward` has reached the end of the pause."""
        if seconds <= 0:
            return
        over = asyncio.Event()
        self._waiting.append((self.seconds + seconds, asyncio.get_running_loop(), over))
        self.pauses.append(seconds)
        await over.wait()

    def has_begun(self, seconds: float) -> bool:
        """Whether somebody has begun to pause for so long; the sandbox works in a thread of its own."""
        return eventually(lambda: seconds in self.pauses)

    def forward(self, seconds: float) -> None:
        """Let time go by, and end the pauses that are over then."""
        super().forward(seconds)
        for each in [each for each in self._waiting if each[0] <= self.seconds]:
            self._waiting.remove(each)
            _, loop, over = each
            loop.call_soon_threadsafe(over.set)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true within two seconds; the sandbox works in a thread of its own."""
    end = time.monotonic() + 2
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True
