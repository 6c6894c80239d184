"""Which calls, by number: 3, 3-7, 3- (all from there on), or a list of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from importer.sandbox.faults.errors import LastCallError, NumberError

Range = tuple[int, int | None]

_RANGE: Final = re.compile(r"(\d{1,9})(?:-(\d{1,9})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of numbers from 1, as ranges closed at both ends, or without end (None)."""

    ranges: tuple[Range, ...]

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
        return any(first <= number and (last is None or number <= last) for first, last in self.ranges)

    def __str__(self) -> str:
        """As `read` takes it."""
        return ",".join(str(first) if first == last else f"{first}-{last or ''}" for first, last in self.ranges)


def _ranges(given: object) -> Iterator[Range]:
    if isinstance(given, list | tuple):
        for each in given:
            yield from _ranges(each)
        return
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise NumberError(given)
    for part in str(given).split(","):
        yield _range(part.strip())


def _range(text: str) -> Range:
    if text.casefold() == "last":
        raise LastCallError
    found = _RANGE.fullmatch(text)
    if found is None:
        raise NumberError(text)
    first = int(found[1])
    last = None if text.endswith("-") else int(found[2] or first)
    if first < 1 or (last is not None and last < first):
        raise NumberError(text)
    return first, last
