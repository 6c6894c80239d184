"""Rows that are stored when the fault is long over."""

import asyncio
from collections.abc import Awaitable, Callable


class LateCommits:
    """Commits that wait for their time; what is not stored when the server stops is never stored."""

    def __init__(self, pause: Callable[[float], Awaitable[None]]) -> None:
        self._pause = pause
        self._waiting: set[asyncio.Task[None]] = set()

    def add(self, seconds: float, commit: Callable[[], None]) -> None:
        """Carry out `commit` so many seconds from now."""
        task = asyncio.get_running_loop().create_task(self._wait(seconds, commit))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _wait(self, seconds: float, commit: Callable[[], None]) -> None:
        await self._pause(seconds)
        commit()

    def cancel(self) -> None:
        """Drop all that wait."""
        for each in list(self._waiting):
            each.cancel()

    @property
    def waiting(self) -> int:
        """How many commits wait."""
        return len(self._waiting)
