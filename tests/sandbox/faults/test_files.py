"""Schedules from files."""

import json
from pathlib import Path

import pytest

from importer.sandbox.faults import Rule, Schedule
from importer.sandbox.faults.files import ScheduleFileError

BAD_DAY = """\
seed: 7
rules:
  - rate-limit bulk 2-4 retry_after=30
  - fault: status
    status: 503
    calls: bulk
    number: [6, 9-11]
    commit: {partly: 10}
  - fault: [reset, close]
    share: 0.25
    commit: [before, never, late]
    late: 8
  - {fault: rate-limit, retry_after: 30, words: no}
"""
SAME = (
    "rate-limit bulk 2-4 retry_after=30",
    "status bulk 6,9-11 status=503 commit=partly:10",
    "reset,close share=0.25 commit=before,never,late:8",
    "rate-limit retry_after=30 words=no",
)


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "bad-day.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_the_same_as_lines_do(tmp_path: Path) -> None:
    """Long and short rules may stand side by side."""
    schedule = Schedule.load(written(tmp_path, BAD_DAY))

    assert schedule.seed == 7
    assert [(each.counts, each.number, each.commit) for each in schedule.rules] == [
        (each.counts, each.number, each.commit) for each in map(Rule.read, SAME)
    ]


def test_a_file_may_be_json(tmp_path: Path) -> None:
    """JSON is YAML, also with a byte-order mark."""
    path = written(tmp_path, "\ufeff" + json.dumps({"rules": [{"fault": "reset", "number": 3}, "close 4"]}))

    assert [str(each) for each in Schedule.load(path).rules] == ["reset any 3", "close any 4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it should begin with rules:"),
        ("- reset", "it should begin with rules:"),
        ("rules: [", "line 1: "),
        ("rules: []\nrules: []", "line 2: found duplicate key"),
        ("seed: 3", "line 1: rules: field required"),
        ("ruels: []", "there is no key ruels; did you mean rules?"),
        ("rules: reset", "line 1: rules: input should be a list"),
        ("seed: x\nrules: []", "line 1: seed: input should be a valid integer"),
        ("rules:\n  - 7", "line 2, rule 1: a rule is a mapping, or a text such as 'reset bulk 3 commit=late:2'"),
        ("rules:\n  - reset\n  - rset bulk", "line 3, rule 2: there is no fault 'rset'; did you mean reset?"),
        ("rules:\n  - fault: reset\n    number: 3\n    tmies: 1", "line 4, rule 1: reset has no option tmies; did you"),
        ("rules:\n  - calls: bulk\n    fault: rset", "line 3, rule 1: there is no fault 'rset'; did you mean reset?"),
        ("rules:\n  - fault: reset\n    calls: bluk", "line 3, rule 1: there are no calls 'bluk'; did you mean bulk?"),
        ("rules:\n  - fault: reset\n    number: last", "line 3, rule 1: which call is the last one can't be known"),
        ("rules:\n  - fault: reset\n    commit: {late: soon}", "line 3, rule 1: {'late': 'soon'} is not before, after"),
        ("rules:\n  - fault: reset\n    commit: 3", "line 3, rule 1: 3 is not before, after"),
        ("rules:\n  - fault: status\n    status: 42", "line 3, rule 1: status: input should be greater than or equal"),
        ("rules:\n  - number: 3", "line 2, rule 1: fault: field required"),
        ("rules:\n  - fault: []", "line 2, rule 1: a rule begins with the name of a fault"),
        ("rules:\n  - fault: reset\n    share: -1", "line 3, rule 1: share: input should be greater than 0"),
    ],
)
def test_a_file_that_is_no_schedule_says_where(tmp_path: Path, text: str, said: str) -> None:
    """Its name, the line, the rule, and what may be meant."""
    path = written(tmp_path, text)

    with pytest.raises(ScheduleFileError) as caught:
        Schedule.load(path)

    message = str(caught.value)
    assert message.startswith(f"{path}: not a schedule of faults: ")
    assert said in message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """In the order of the lines."""
    path = written(tmp_path, "rules:\n  - rset\n  - close 0\n  - reset\nsead: 3")

    with pytest.raises(ScheduleFileError) as caught:
        Schedule.load(path)

    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "line 2, rule 1",
        "line 3, rule 2",
        "line 5",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00r", b"rules: \xe9", b"\x00", b"[" * 1_000])
def test_a_file_of_any_bytes_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """Nothing that somebody hands over by mistake ends in a traceback."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(content)

    with pytest.raises(ScheduleFileError, match="not a schedule of faults"):
        Schedule.load(path)
