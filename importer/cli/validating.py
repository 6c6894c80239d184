"""What `validate` puts together: the mapping's own tests, then all rows of the sources."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importer.cli.edge import say, tell, utc_now
from importer.cli.rehearsing import order_of
from importer.cli.words import Words
from importer.errors.base import ExitCode, UsageError
from importer.loading import ReadingOptions
from importer.mapping.parsing import read_mapping
from importer.preparing.sources import prepare
from importer.rehearsal import validate
from importer.reporting.console import counted, one_line, rehearsal_table
from importer.validation.mapping_tests import TestedRow, run_tests


class TestsMissing(UsageError):
    """The mapping was to be tested, and has no tests."""

    code = "usage"

    def __init__(self, mapping: str) -> None:
        super().__init__(
            f'The mapping "{mapping}" has no tests.', "Put some under `tests`; docs/mapping.md shows how they look."
        )


def validate_files(
    sources: tuple[str, ...],
    mapping: str,
    reading: ReadingOptions,
    out: Path,
    limit: int | None,
    *,
    tests: bool,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Runs the mapping's tests if they are asked for, checks all rows, and says what is wrong."""
    tested = _tested(mapping) if tests else None
    failed = tested is not None and any(test.differences for test in tested)
    results: dict[str, Any] = {} if tested is None else {"tests": _as_json(tested)}
    if tested is not None and not as_json and (failed or not quiet):
        for line in _test_lines(mapping, tested):
            say(line)
    exit_code = ExitCode.ROWS_FAILED if failed else ExitCode.OK
    if sources:
        order = order_of(sources, mapping, reading, limit, out)
        prepared = prepare(order)
        words = Words(prepared, quiet, limit)
        words.tell()
        found = validate(order, prepared, utc_now)
        words.tell()
        words.tell_of_the_empty(found.summary)
        exit_code = max(exit_code, ExitCode(found.summary.exit_code or 0))
        if found.unwritten is not None:
            exit_code = found.unwritten.exit_code
        results |= found.summary.as_json()
        if not as_json and (found.summary.exit_code or not quiet):
            for line in rehearsal_table(found.summary, found.folder, found.groups.by_weight()):
                say(line)
        if found.unwritten is not None:
            tell(f"{found.unwritten} [{found.unwritten.code}]")
    if as_json:
        say(json.dumps(results | {"exit_code": exit_code}, ensure_ascii=False))
    return exit_code


def _tested(mapping: str) -> list[TestedRow]:
    tested = run_tests(read_mapping(mapping))
    if not tested:
        raise TestsMissing(mapping)
    return tested


def _as_json(tested: list[TestedRow]) -> dict[str, Any]:
    failed = [
        {"number": test.number, "name": test.name, "line": test.line, "differences": list(test.differences)}
        for test in tested
        if test.differences
    ]
    return {"run": len(tested), "failed": failed}


def _test_lines(mapping: str, tested: list[TestedRow]) -> Iterator[str]:
    failed = [test for test in tested if test.differences]
    for test in failed:
        name = f", {one_line(test.name, 200)}" if test.name else ""
        yield f"{mapping}:{test.line}: test {test.number}{name}: not as expected"
        for difference in test.differences:
            yield f"    {one_line(difference, 400)}"
    outcome = f"{len(failed)} not as expected" if failed else "all as expected"
    yield f"{counted(len(tested), 'test')} of the mapping run, {outcome}."
