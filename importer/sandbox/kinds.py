"""The kinds of calls, by which fault schedules count them."""

from typing import Final, Literal

Kind = Literal["bulk", "single", "async", "read", "metadata"]

KINDS: Final[frozenset[str]] = frozenset({"bulk", "single", "async", "read", "metadata"})
WRITING: Final[frozenset[str]] = frozenset({"bulk", "single", "async"})
"""The kinds that make activities, so that it matters whether they were carried out."""
