"""Which calls, by number: 3, 3-7, or a list of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from importer.sandbox.faults.errors import LastCallError, NumberError

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of numbers from 1, as ranges closed at both ends."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, given: object) -> Self:
        """Read a number, a text such as `1,4,7-9`, or a list of these; raises NumberError or LastCallError."""
        if isinstance(given, cls):
            return given
        ranges = tuple(_ranges(given))
        if not ranges:
            raise NumberError(given)
        return cls(ranges)

    def __contains__(self, number: int) -> bool:
        """Whether a number is one of these."""
        return any(first <= number <= last for first, last in self.ranges)

    def __str__(self) -> str:
        """As `read` takes it."""
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.ranges)


def _ranges(given: object) -> Iterator[tuple[int, int]]:
    if isinstance(given, list | tuple):
        for each in given:
            yield from _ranges(each)
        return
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise NumberError(given)
    for part in str(given).split(","):
        yield _range(part.strip())


def _range(text: str) -> tuple[int, int]:
    if text.casefold() == "last":
        raise LastCallError
    found = _RANGE.fullmatch(text)
    if found is None:
        raise NumberError(text)
    first = int(found[1])
    last = int(found[2] or first)
    if not 1 <= first <= last:
        raise NumberError(text)
    return first, last
