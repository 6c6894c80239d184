"""The road through LeadSquared's queue: accepted is not created, and whatever is lost on the way is found again."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.end_to_end.roads import FAST, ROWS, run, write
from tests.end_to_end.test_roads import counts_of, results_of
from tests.fake_lsq import API_KEY, FakeLsq, QueuedRequest, Reply, error, fake_lsq, status_body
from tests.rows import write_csv

ROAD = "lead_and_activity_async"
KEYED = "import_key: {field: mx_Custom_15}"


def asked(fake: FakeLsq) -> int:
    """How often the queue was asked what became of a request."""
    return sum("/status?" in path for _, path in fake.requests)


def test_what_waits_is_asked_about_until_it_is_done(lsq_import: Command, tmp_path: Path) -> None:
    """In the queue for a while, then success, or failure in LeadSquared's words; nothing before counts as created."""
    write(tmp_path, ROAD, ROWS[:6])
    fails = {ROWS[1]["E-mail"]: "Invalid value for mx_Custom_1", ROWS[4]["E-mail"]: "MXInvalidInputException"}
    with fake_lsq(queue_seconds=1.5, queue_fails=fails) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        again = run(lsq_import, "--yes", env=fake.queue_env)
    results = results_of(tmp_path, ran.out)
    outcomes = ["created", "rejected", "created", "created", "rejected", "created"]
    assert (ran.code, [each["Outcome"] for each in results]) == (1, outcomes)
    assert [each["Message"] for each in results if each["Outcome"] == "rejected"] == list(fails.values())
    assert {request.asked for request in fake.queue[:6]} == {2}
    # What was refused is sent again when it is asked for again; what is there is not.
    assert (again.code, counts_of(again.out)) == (1, {"read": 6, "duplicate": 4, "rejected": 2})
    assert len(fake.activities) == 4
    assert fake.faux_pas == []


ODD: list[Callable[[QueuedRequest], Reply]] = [
    lambda request: (200, status_body(request, " IN-QUEUE")),
    lambda request: (200, status_body(request, "Retry")),
    lambda request: (200, status_body(request, "Postponed")),
    lambda _: (404, error("MXInvalidInputException", "not known yet")),
    lambda _: (200, b"<html>"),
    lambda _: (500, b"oops"),
]
"""What the queue says at first of each request."""


@pytest.mark.parametrize("beside", [False, True])
def test_what_tells_nothing_is_asked_again(beside: bool, lsq_import: Command, tmp_path: Path) -> None:
    """Words in any case, words that nobody knows, answers that are none; `Message` in the task or beside it."""
    write(tmp_path, ROAD, ROWS[: len(ODD)])
    emails = [row["E-mail"] for row in ROWS]

    def say(request: QueuedRequest) -> Reply:
        if request.asked == 1:
            return ODD[emails.index(request.email)](request)
        return 200, status_body(request, "SUCCESS" if beside else "", beside=beside)

    with fake_lsq(status=say) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
    results = results_of(tmp_path, ran.out)
    assert (ran.code, {each["Outcome"] for each in results}) == (0, {"created"})
    ids = {each["EmailAddress"]: lead for lead, each in fake.leads.items()}
    leads = {each["ProspectActivityId"]: each["LeadId"] for each in fake.activities}
    assert [leads[each["ProspectActivityId"]] for each in results] == [ids[each["Lead"]] for each in results]
    assert len(fake.queue) == len(ODD)


@pytest.mark.parametrize("word", ["FAILURE", "error"])
def test_any_word_for_failure_is_one(word: str, lsq_import: Command, tmp_path: Path) -> None:
    """The pages of the two status calls use different ones."""
    write(tmp_path, ROAD, ROWS[:1])

    def say(request: QueuedRequest) -> Reply:
        request.failure = "no such lead"
        return 200, status_body(request, word)

    with fake_lsq(status=say, queue_seconds=60.0) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
    (result,) = results_of(tmp_path, ran.out)
    assert (ran.code, result["Outcome"], result["Message"]) == (1, "rejected", "no such lead")


@pytest.mark.parametrize("written", ["{}", "\t{}\n"])
def test_a_number_is_stripped_of_blanks(written: str, lsq_import: Command, tmp_path: Path) -> None:
    """The page's own example has one in front."""
    write(tmp_path, ROAD, ROWS[:2])
    with fake_lsq(request_id=written.format) as fake:
        assert run(lsq_import, "--yes", env=fake.queue_env).code == 0
    assert len(fake.activities) == 2


def test_two_requests_that_name_one_activity_prove_one(lsq_import: Command, tmp_path: Path) -> None:
    """The second row stays unknown, and is not sent again."""
    write(tmp_path, ROAD, ROWS[:2])

    def say(request: QueuedRequest) -> Reply:
        request.answer = {"Status": "Success", "Message": {"Id": "6e2a3c76-9e57-4dd6-8bf1-660960336d6e"}}
        return 200, status_body(request)

    with fake_lsq(status=say, queue_seconds=60.0) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        assert (ran.code, counts_of(ran.out)) == (3, {"read": 2, "created": 1, "unknown": 1})
        run(lsq_import, "--yes", env=fake.queue_env)
    assert len(fake.queue) == 2


def test_an_answer_within_a_text_is_read(lsq_import: Command, tmp_path: Path) -> None:
    """No page shows whether `Message` is JSON, or a text that holds JSON."""
    write(tmp_path, ROAD, ROWS[:2])

    def say(request: QueuedRequest) -> Reply | None:
        if not request.answer:
            return None
        whole = json.loads(status_body(request))
        whole["TaskStatus"]["Message"] = json.dumps(request.answer)
        return 200, json.dumps(whole).encode()

    with fake_lsq(status=say) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
    assert (ran.code, counts_of(ran.out)) == (0, {"read": 2, "created": 2})


@pytest.mark.parametrize(
    ("more", "counts"), [(KEYED, {"read": 2, "created": 2}), ("", {"read": 2, "created": 1, "unknown": 1})]
)
def test_success_without_an_activity_is_looked_up(
    more: str, counts: dict[str, int], lsq_import: Command, tmp_path: Path
) -> None:
    """It is in doubt, so the account is looked at; what is not found stays unknown, and is never sent again."""
    write(tmp_path, ROAD, ROWS[:2], more)
    gone: list[str] = []

    def say(request: QueuedRequest) -> Reply | None:
        if not request.answer or request.email != ROWS[0]["E-mail"]:
            return None
        if not more and not gone:
            gone.append(request.answer["Message"]["Id"])
            fake.activities[:] = [each for each in fake.activities if each["ProspectActivityId"] not in gone]
        return 200, b'{"TaskStatus":{"Status":"Success","Message":null}}'

    with fake_lsq(status=say) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        assert ran.out, ran.err
        assert counts_of(ran.out) == counts, ran.err
        run(lsq_import, "--yes", env=fake.queue_env)
    assert len(fake.queue) == 2
    assert "names no activity" in ran.err


# -------------------------------------------------------------------------------- the door and its key


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (("LSQ_API_KEY",), "LSQ_API_KEY is not set"),
        (("LSQ_ASYNC_HOST",), "LSQ_ASYNC_HOST is not set"),
        (("LSQ_ASYNC_HOST", "LSQ_API_KEY"), "LSQ_ASYNC_HOST and LSQ_API_KEY are not set"),
    ],
)
def test_without_the_queue_s_door_nothing_is_sent(
    missing: tuple[str, ...], words: str, lsq_import: Command, tmp_path: Path
) -> None:
    """Exit code 2 with the variables that lack, before any call."""
    write(tmp_path, ROAD)
    with fake_lsq() as fake:
        env = {name: text for name, text in fake.queue_env.items() if name not in missing}
        ran = run(lsq_import, "--yes", env=env)
    assert (ran.code, fake.requests) == (2, [])
    assert words in ran.err
    assert "lead_and_activity_async" in ran.err


def test_other_roads_need_no_door_to_the_queue(lsq_import: Command, tmp_path: Path) -> None:
    """Its variables are not even looked at."""
    write(tmp_path, "bulk_by_lead_id", ROWS[:1])
    with fake_lsq() as fake:
        assert run(lsq_import, env=fake.env | {"LSQ_ASYNC_HOST": "http://example.com"}).code == 0


def test_a_wrong_key_of_the_queue_stops_at_once(lsq_import: Command, tmp_path: Path) -> None:
    """Exit code 5 and the variable to look at; every row is still to be sent, and goes when the key is right."""
    write(tmp_path, ROAD, ROWS[:5])
    with fake_lsq() as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env | {"LSQ_API_KEY": "wrong"})
        assert (ran.code, counts_of(ran.out)) == (5, {"read": 5, "not_sent": 5})
        assert "Check LSQ_API_KEY" in ran.err
        right = run(lsq_import, "--yes", env=fake.queue_env)
    assert (right.code, counts_of(right.out)) == (0, {"read": 5, "created": 5})
    assert json.loads(right.out)["run_id"] == json.loads(ran.out)["run_id"]
    assert API_KEY not in ran.out + ran.err + right.out + right.err


def test_a_queue_that_closes_its_door_keeps_what_it_has_for_the_next_run(lsq_import: Command, tmp_path: Path) -> None:
    """Keys that are taken back meanwhile end the run at once; later the same command asks, and sends nothing."""
    write(tmp_path, ROAD, ROWS[:3])
    with fake_lsq(status=lambda _: (403, b'{"message":"Forbidden"}')) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        assert (ran.code, counts_of(ran.out)) == (3, {"read": 3, "unknown": 3}), ran.err
        assert "Check LSQ_API_KEY" in ran.err
        assert {each["Code"] for each in results_of(tmp_path, ran.out)} == {"queued"}
        fake.status = lambda _: None
        done = run(lsq_import, "--yes", env=fake.queue_env)
    assert (done.code, counts_of(done.out)) == (0, {"read": 3, "created": 3})
    assert len(fake.queue) == len(fake.activities) == 3


# --------------------------------------------------------------------------------------- lost and found


def test_a_lost_acceptance_is_found_when_the_queue_has_come_to_it(lsq_import: Command, tmp_path: Path) -> None:
    """As long as it has not, the row stays unknown, for nobody can tell when it will; it is never sent again."""
    write(tmp_path, ROAD, ROWS[:3], KEYED)
    with fake_lsq(cut=lambda number: number == 2) as fake:
        fake.queue_seconds = 0.0
        lost = fake.request_id
        fake.request_id = lambda number: _delay(fake, number, lost)
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        assert (ran.code, counts_of(ran.out)) == (3, {"read": 3, "created": 2, "unknown": 1}), ran.err
        fake.queue[1].due_at = 0.0
        settled = lsq_import("recheck", *FAST, "--json", env=fake.queue_env)
    assert (settled.code, counts_of(settled.out)) == (0, {"read": 3, "created": 3}), settled.err
    assert len(fake.queue) == len(fake.activities) == 3


def _delay(fake: FakeLsq, number: str, written: Any) -> str:
    """The second request waits for an hour."""
    if len(fake.queue) == 2:
        fake.queue[1].due_at += 3600
    return str(written(number))


class Process:
    """The importer as a process of its own."""

    def __init__(self, folder: Path, fake: FakeLsq) -> None:
        self.folder = folder
        self.env = os.environ | fake.queue_env | {"LSQ_STATE_DIR": str(folder / "state")}

    def start(self) -> "subprocess.Popen[str]":
        """Starts the run."""
        command = [sys.executable, "-m", "importer", "run", "visits.csv", "-m", "visits.yaml", "--json", "--yes", *FAST]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=self.env, stdout=pipe, stderr=pipe, text=True)  # noqa: S603

    def finish(self) -> tuple[int, dict[str, Any]]:
        """Runs to the end; exit code and summary."""
        process = self.start()
        out, err = process.communicate(timeout=60)
        assert out, err
        return process.returncode, json.loads(out)


def test_whoever_is_killed_between_acceptance_and_status_asks_the_queue_next_time(tmp_path: Path) -> None:
    """Nothing is posted twice, and every row gets its outcome from the queue or from the account."""
    write(tmp_path, ROAD, ROWS, KEYED)
    with fake_lsq(queue_seconds=3600.0) as fake:
        importer = Process(tmp_path, fake)
        process = importer.start()
        until = time.monotonic() + 30
        while asked(fake) == 0 or len(fake.queue) < 10:
            assert time.monotonic() < until
            time.sleep(0.01)
        process.kill()
        process.communicate(timeout=30)
        fake.queue_seconds = 0.0
        for request in fake.queue:
            request.due_at = 0.0
        code, summary = importer.finish()
    assert (code, summary["counts"]["created"]) == (0, 30)
    assert len(fake.queue) == len(fake.activities) == 30
    assert len({request.email for request in fake.queue}) == 30


def test_a_file_that_has_grown_meanwhile_asks_for_what_it_had(lsq_import: Command, tmp_path: Path) -> None:
    """Rows that wait since another run of another file are asked about by their numbers, not posted again."""
    write(tmp_path, ROAD, ROWS[:3])
    fails = {ROWS[1]["E-mail"]: "no such city"}
    with fake_lsq(status=lambda _: (403, b""), queue_fails=fails) as fake:
        first = run(lsq_import, "--yes", env=fake.queue_env)
        assert counts_of(first.out) == {"read": 3, "unknown": 3}
        write(tmp_path, ROAD, ROWS[:5])
        still = run(lsq_import, "--yes", env=fake.queue_env)
        assert (still.code, counts_of(still.out)) == (3, {"read": 5, "unknown": 5}), still.err
        fake.status = lambda _: None
        grown = run(lsq_import, "--yes", env=fake.queue_env)
    outcomes = [each["Outcome"] for each in results_of(tmp_path, grown.out)]
    assert (grown.code, outcomes) == (1, ["duplicate", "rejected", "duplicate", "created", "created"])
    assert (len(fake.queue), len(fake.activities)) == (5, 4)


def test_a_stopped_run_with_rows_in_the_queue_is_told_as_such(lsq_import: Command, tmp_path: Path) -> None:
    """The report names the code, and `explain` says what to do."""
    write(tmp_path, ROAD, ROWS[:1])
    with fake_lsq(status=lambda _: (401, error("MXInvalidAccessDetailsException", "no"))) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
    (result,) = results_of(tmp_path, ran.out)
    assert (result["Outcome"], result["Code"], result["ActivityCreated"]) == ("unknown", "queued", "")
    assert "asks the queue" in lsq_import("explain", "queued").out


def test_a_row_added_by_hand_to_another_source_is_not_held_up(lsq_import: Command, tmp_path: Path) -> None:
    """Rows that are sent by another file while some wait in the queue go their own way."""
    write(tmp_path, ROAD, ROWS[:2])
    with fake_lsq(status=lambda request: (403, b"") if request.email == ROWS[0]["E-mail"] else None) as fake:
        run(lsq_import, "--yes", env=fake.queue_env)
        write_csv(tmp_path / "visits.csv", ROWS[5:7], tuple(ROWS[0]))
        other = run(lsq_import, "--yes", env=fake.queue_env)
    assert (other.code, counts_of(other.out)) == (0, {"read": 2, "created": 2})
