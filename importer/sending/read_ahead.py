"""Chunks made before they are needed: loading and planning a block takes as long as several calls."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from importer.records import Chunk


@dataclass(slots=True)
class ReadAhead(Iterator[Chunk]):
    """The chunks of an iterator, some of them made ahead. What making them raises comes in its place."""

    chunks: Iterator[Chunk]
    _made: deque[Chunk | Exception] = field(default_factory=deque)
    _ended: bool = False

    def make(self, most: int) -> bool:
        """Makes one chunk more, unless so many are there; whether it has."""
        if self._ended or len(self._made) >= most:
            return False
        try:
            self._made.append(next(self.chunks))
        except StopIteration:
            self._ended = True
            return False
        except Exception as error:  # noqa: BLE001  # raised when its turn comes
            self._made.append(error)
            self._ended = True
        return True

    def __next__(self) -> Chunk:
        self.make(1)
        if not self._made:
            raise StopIteration
        first = self._made.popleft()
        if isinstance(first, Exception):
            raise first
        return first
