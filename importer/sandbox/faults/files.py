"""The file of a schedule: YAML 1.2 or JSON, with the line of whatever is wrong in it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from importer.sandbox.faults.errors import RuleError, near
from importer.sandbox.faults.rules import Rule, rule_problem


class ScheduleFileError(ValueError):
    """A file that is no schedule; it names all that is wrong, each with its line."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path}: not a schedule of faults: {'; '.join(problems)}")
        self.problems = tuple(problems)


class ScheduleContent(BaseModel):
    """What stands in the file; a rule is a mapping, or a text in the form of the option `--fault`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 0
    rules: tuple[Rule, ...]


def read_schedule(path: Path) -> ScheduleContent:
    """Read a schedule; raises ScheduleFileError, or OSError."""
    try:
        document = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as wrong:
        place = f"line {wrong.problem_mark.line + 1}: " if wrong.problem_mark else ""
        raise ScheduleFileError(path, [f"{place}{wrong.problem}"]) from None
    except (YAMLError, UnicodeDecodeError, RecursionError) as wrong:
        raise ScheduleFileError(path, [str(wrong).partition("\n")[0]]) from None
    if not isinstance(document, CommentedMap):
        raise ScheduleFileError(path, ["it should begin with rules:"])
    try:
        return ScheduleContent.model_validate(document)
    except ValidationError as wrong:
        raise ScheduleFileError(path, list(_problems(wrong, document))) from None


def _problems(wrong: ValidationError, document: CommentedMap) -> Iterator[str]:
    for line, error in sorted(((_line(document, each), each) for each in wrong.errors()), key=lambda pair: pair[0]):
        where = error["loc"]
        number = where[1] if len(where) > 1 and where[0] == "rules" else None
        place = f"line {line}, rule {number + 1}" if isinstance(number, int) else f"line {line}"
        yield f"{place}: {_text(error)}"


def _text(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        key = str(error["loc"][0])
        return f"there is no key {key}{near(key, ScheduleContent.model_fields)}"
    return rule_problem(error)


def _line(document: CommentedMap, error: Mapping[str, Any]) -> int:
    """The line, from 1, of the innermost thing that the error is about."""
    cause = error.get("ctx", {}).get("error")
    path = [*error["loc"], *([cause.key] if isinstance(cause, RuleError) and cause.key else [])]
    node: Any = document
    line = 0
    for step in path:
        if isinstance(node, CommentedMap) and step in node:
            line = node.lc.key(step)[0]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0]
        else:
            break
        node = node[step]
    return line + 1
