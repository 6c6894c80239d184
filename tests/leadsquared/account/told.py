"""An account that answers reading calls with what a test puts there, by path."""

from collections.abc import Mapping
from typing import Any

from importer.leadsquared.calls import Answer, Call, Ending

from ..answers import answer, error


class Told:
    """Answers by path, the last answer again and again; what is not there is an unknown URL."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = {path: list(given) if isinstance(given, tuple) else [given] for path, given in answers.items()}
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Ending:
        self.calls.append(call)
        waiting = self._answers.get(call.path)
        if not waiting:
            return answer(404, b"<html>no such page</html>")
        given = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return answer(200, given) if isinstance(given, dict | list | bytes) else ending(given)


def ending(given: Any) -> Ending:
    """An ending as it stands."""
    return given  # type: ignore[no-any-return]  # tests hand in endings


REFUSED_KEYS = answer(401, error("MXInvalidAccessDetailsException", "Invalid Access Details provided."))


def refused(kind: str, message: str, status: int = 500) -> Answer:
    """A refusal with an MX type."""
    return answer(status, error(kind, message))
