"""What rules count: calls of a kind, of one path, all calls, or accepted connections."""

from collections.abc import Iterable, Mapping
from typing import Final

from importer.sandbox.faults.errors import UnknownCallsError
from importer.sandbox.kinds import KINDS, WRITING
from importer.sandbox.routes import ROUTES

CONNECTION: Final[frozenset[str]] = frozenset({"connection"})

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    **{kind: frozenset({kind}) for kind in sorted(KINDS)},
    "write": WRITING,
    "any": KINDS,
    "connection": CONNECTION,
}
"""The words that a rule may say, with the kinds that they mean; connections count as calls of a kind of their own."""

_KIND_OF: Final[Mapping[str, str]] = {path: route.kind for path, route in ROUTES.items()} | {"connection": "connection"}


def paths_of(calls: str) -> frozenset[str]:
    """The paths that a word, or the end of a path such as `/Retrieve`, means; raises UnknownCallsError."""
    kinds = GROUPS.get(calls, frozenset())
    found = {path for path, kind in _KIND_OF.items() if kind in kinds or (calls[:1] == "/" and path.endswith(calls))}
    if not found:
        raise UnknownCallsError(calls, [*GROUPS, *(f"/{path.rpartition('/')[2]}" for path in ROUTES)])
    return frozenset(found)


def kinds_of(paths: Iterable[str]) -> frozenset[str]:
    """The kinds of some paths."""
    return frozenset(_KIND_OF[path] for path in paths)


def word_for(kinds: frozenset[str]) -> str:
    """The word that means just these kinds; if there is none, `any`."""
    return next((word for word, meant in GROUPS.items() if meant == kinds), "any")
