"""Mistakes made on purpose, one at a time, in a copy of the program: the tests must notice each of them.

python -m tests.proof.mutants [M1 M2 …]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .nursery import ROOT
from .page import figures, note

SECONDS: Final = 240


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake: in a file, some words become others."""

    name: str
    mistake: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    """What is run; words after a blank choose among a file's tests."""
    also: tuple[str, str, str] | None = None
    """Other words, there or in another file, and what they become: where there are two guards, both have to go."""

    def applied(self, root: Path) -> dict[str, str]:
        """The files with the mistake; the words must be in each once.

        :raises ValueError: they are not.
        """
        changed: dict[str, str] = {}
        for file, right, wrong in filter(None, ((self.file, self.right, self.wrong), self.also)):
            text = changed.get(file) or (root / file).read_text(encoding="utf-8")
            if text.count(right) != 1:
                raise ValueError(f"{self.name}: the words stand {text.count(right)} times in {file}")
            changed[file] = text.replace(right, wrong)
        return changed


DISPATCH: Final = "importer/sending/dispatch.py"
SETTLING: Final = "importer/sending/settling.py"
REPLIES: Final = "importer/leadsquared/replies.py"
VERDICTS: Final = "importer/leadsquared/verdicts.py"
CLIENT: Final = "importer/leadsquared/client.py"
DOUBTS: Final = "importer/sending/doubts.py"
LOOKING: Final = "importer/sending/looking.py"

MATRIX: Final = "tests/proof/test_matrix.py"

_START = "        self.lane.start(ticket, posting.call([activity.body for activity in turn.chunk.activities]))\n"
_PROVEN = "    if not isinstance(entries, list) or len(entries) != rows:\n        return None\n"

MUTANTS: Final = (
    Mutant(
        "M1",
        "a time-out is taken for a call that was not made, and made again",
        VERDICTS,
        "lambda seen: seen.silence is not None and not seen.silence.sent,",
        "lambda seen: seen.silence is not None,",
        ("tests/leadsquared/test_verdicts.py",),
    ),
    Mutant(
        "M2",
        "the intent is noted while the call is on its way",
        DISPATCH,
        "        self.journal.intend(turn.chunk, turn.attempt)\n",
        "",
        ("tests/sending/test_dispatch.py written_down_sent_and_settled", "tests/proof/test_order.py"),
        (DISPATCH, _START, _START + "        self.journal.intend(turn.chunk, turn.attempt)\n"),
    ),
    Mutant(
        "M3",
        "rows that don't show at the first look are taken for absent",
        DOUBTS,
        "return began >= self.ended_at + settle",
        "return began >= self.ended_at - settle",
        (f"{MATRIX} connections",),
    ),
    Mutant(
        "M4",
        "the settle time is cut to a hundredth, and shorter than the server takes",
        DOUBTS,
        "return began >= self.ended_at + settle",
        "return began >= self.ended_at + settle / 100",
        (f"{MATRIX} connections",),
    ),
    Mutant(
        "M5",
        "RowNumber counts from 0",
        REPLIES,
        "if receipt is None or not 1 <= receipt.row_number <= rows",
        "if receipt is None or not 0 <= receipt.row_number < rows",
        ("tests/leadsquared/test_replies.py matched_by_their_row_number",),
    ),
    Mutant(
        "M6",
        "rows without a receipt are taken for created",
        REPLIES,
        _PROVEN,
        "    if not isinstance(entries, list):\n        return None\n    entries = entries + ["
        "{'RowNumber': number, 'ActivityCreated': True, 'ProspectActivityId': str(__import__('uuid').uuid4())}"
        " for number in range(len(entries) + 1, rows + 1)]\n",
        ("tests/leadsquared/test_replies.py one_odd_receipt",),
    ),
    Mutant(
        "M7",
        "rows without a receipt are taken for refused",
        REPLIES,
        _PROVEN,
        "    if not isinstance(entries, list):\n        return None\n    entries = entries + ["
        "{'RowNumber': number, 'ActivityCreated': False} for number in range(len(entries) + 1, rows + 1)]\n",
        ("tests/leadsquared/test_replies.py one_odd_receipt",),
    ),
    Mutant(
        "M8",
        "200 with an error in it is taken for success",
        REPLIES,
        _PROVEN,
        "    if isinstance(value, dict) and value.get('Status') == 'Failed':\n"
        "        ids = [str(__import__('uuid').uuid4()) for _ in range(rows)]\n"
        "        return tuple(Receipt(number, created=True, activity_id=each) for number, each in enumerate(ids, 1))\n"
        + _PROVEN,
        ("tests/leadsquared/test_replies.py anywhere_else", f"{MATRIX} statuses"),
    ),
    Mutant(
        "M9",
        "an empty answer proves that rows are absent, without a control",
        SETTLING,
        "proof = controlled and seen.covers(",
        "proof = seen.covers(",
        (f"{MATRIX} looks",),
    ),
    Mutant(
        "M10",
        "commits are not synced",
        "importer/ledger/opening.py",
        '"synchronous=EXTRA"',
        '"synchronous=OFF"',
        ("tests/proof/test_order.py",),
    ),
    Mutant(
        "M11",
        "the ledger is not locked",
        "importer/ledger/holding.py",
        "            lock.acquire(timeout=A_MOMENT, poll_interval=0.02)\n",
        "            pass\n",
        ("tests/ledger/test_lock.py",),
    ),
    Mutant(
        "M12",
        "redirects are followed",
        CLIENT,
        "allow_redirects=False",
        "allow_redirects=True",
        ("tests/leadsquared/test_faults.py redirect_is_followed",),
        ("importer/leadsquared/wire.py", "def get_redirect_target(", "def get_no_redirect_target("),
    ),
    Mutant(
        "M13",
        "the library repeats calls of any kind",
        "importer/leadsquared/wire.py",
        "Retry(0, read=False, redirect=False)",
        "Retry(2, allowed_methods=None, redirect=False)",
        ("tests/leadsquared/test_faults.py",),
    ),
    Mutant(
        "M14",
        "only single reads have a time limit, not the call",
        "importer/leadsquared/wire.py",
        "    timer.start()\n",
        "",
        ("tests/leadsquared/test_wire.py",),
    ),
    Mutant(
        "M15",
        "activities are sorted out by CreatedOn, which imports set back",
        "importer/sending/matching.py",
        "written = moment_of(found.modified_on)",
        "written = moment_of(found.created_on)",
        ("tests/proof/test_settled.py",),
    ),
    Mutant(
        "M16",
        "only the first page is read, and taken for all",
        "importer/leadsquared/by_event.py",
        "        return self.said is not None and len(self.ids) >= self.said\n",
        "        return self.said is not None and len(self.ids) > 0\n",
        ("tests/leadsquared/test_by_event.py",),
    ),
    Mutant(
        "M17",
        "a part of the row's key is random",
        "importer/fingerprints.py",
        "    digest = hashlib.blake2b(key=salt, digest_size=KEY_BYTES)\n",
        "    digest = hashlib.blake2b(__import__('os').urandom(2), key=salt, digest_size=KEY_BYTES)\n",
        ("tests/mapping/test_fingerprints.py",),
    ),
    Mutant(
        "M18",
        "reports are written in their place",
        "importer/reporting/whole_files.py",
        '    ready = path.with_name(f".{path.name}.{secrets.token_hex(4)}")\n',
        "    ready = path\n",
        ("tests/reporting/test_whole_files.py",),
        ("importer/reporting/whole_files.py", "os.O_CREAT | os.O_EXCL", "os.O_CREAT | os.O_TRUNC"),
    ),
    Mutant(
        "M19",
        "a key stands in what is said of a broken connection",
        CLIENT,
        "                return Silence(cause, sent=guard.sent, lasting=lasting and not guard.sent)\n",
        "                cause = f'{cause} {self._secret_key.reveal()}'\n"
        "                return Silence(cause, sent=guard.sent, lasting=lasting and not guard.sent)\n",
        (f"{MATRIX} connections",),
    ),
    Mutant(
        "M20",
        "cells of created rows stay in the ledger",
        "importer/ledger/journal.py",
        "            each(connection, LET_GO, [self._of(activity) for activity, _ in created])\n",
        "",
        ("tests/ledger/test_privacy.py",),
    ),
    Mutant(
        "M21",
        "formulas stand in reports as they are",
        "importer/text_files/formulas.py",
        '    return "\'" + text if runs_as_formula(text) else text\n',
        "    return text\n",
        ("tests/reporting/test_delimited.py",),
    ),
    Mutant(
        "M22",
        "a stopped run is known by its file's name instead of its content",
        "importer/pipeline.py",
        '"sha256": [source.file.sha256 for source in sources],\n',
        '"sha256": [source.file.label for source in sources],\n',
        ("tests/proof/test_settled.py",),
    ),
    Mutant(
        "M23",
        "whether a byte has left is guessed from the exception",
        CLIENT,
        "                return Silence(cause, sent=guard.sent, lasting=lasting and not guard.sent)\n",
        "                left = guard.sent and kind is not ConnectionResetError\n"
        "                return Silence(cause, sent=left, lasting=lasting and not left)\n",
        (f"{MATRIX} connections", "tests/leadsquared/test_faults.py"),
    ),
    Mutant(
        "M24",
        "calls are counted anew when a run goes on",
        "importer/pipeline.py",
        "journal.last_chunk() + 1",
        "1",
        ("tests/end_to_end/test_stops.py",),
    ),
    Mutant(
        "M25",
        "a run is closed before its report stands",
        "importer/closing.py",
        "sent.seconds, whole=whole, still_open=True)",
        "sent.seconds, whole=whole, still_open=still_open)",
        ("tests/proof/test_settled.py",),
    ),
    Mutant(
        "M26",
        "a look ends where the account's clock was a second ago",
        LOOKING,
        "first, end = now - since - margin, now + margin",
        "first, end = now - since - margin, now - timedelta(seconds=1)",
        ("tests/proof/test_looks.py",),
    ),
    Mutant(
        "M27",
        "what a killed process had in flight is taken for not sent",
        "importer/ledger/journal.py",
        "                self._change(activity, Outcome.UNKNOWN, chunk, number, Code.ANSWER_LOST,",
        "                self._change(activity, Outcome.NOT_SENT, chunk, number, Code.ANSWER_LOST,",
        ("tests/ledger/test_journal.py",),
    ),
    Mutant(
        "M28",
        "what a killed process has left is looked up at once, without waiting",
        "importer/sending/sender.py",
        "ended_at = min(now, sent_at + max(self.timeout, DEFAULT_TIMEOUT))",
        "ended_at = now - 1000",
        ("tests/proof/test_settled.py",),
    ),
)

_M24: Final = (
    "M24 as it was meant, other bounds of calls when a run goes on: calls have no identity here. Rows are known one by "
    "one, so that bounds may change; what must not begin anew is their numbers."
)
LEFT_OUT: Final = (_M24,)


def hunt(mutant: Mutant, folder: Path) -> dict[str, Any]:
    """Makes the mistake in a copy, and runs the tests until one of the files is red."""
    copy = _copy(folder / mutant.name)
    for file, text in mutant.applied(ROOT).items():
        (copy / file).write_text(text, encoding="utf-8")
    caught, by = False, ""
    for wanted in mutant.tests:
        code, words = _pytest(copy, *_path_and_choice(wanted))
        if code == 1:
            caught, by = True, words
            break
    shutil.rmtree(copy)
    return {"name": mutant.name, "mistake": mutant.mistake, "tests": list(mutant.tests), "caught": caught, "by": by}


def red_already(mutants: Sequence[Mutant], folder: Path) -> list[str]:
    """The tests that are red without any mistake: they would prove nothing."""
    copy = _copy(folder / "right")
    wanted = sorted({test for mutant in mutants for test in mutant.tests})
    red = [test for test in wanted if _pytest(copy, *_path_and_choice(test))[0] != 0]
    shutil.rmtree(copy)
    return red


def _copy(to: Path) -> Path:
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".git", ".venv", "*cache*", "__pycache__", "*.egg-info"))
    return to


def _path_and_choice(test: str) -> tuple[str, str]:
    path, _, chosen = test.partition(" ")
    return path, chosen


def _pytest(copy: Path, path: str, chosen: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-rf", "--tb=no", "-p", "no:cacheprovider", path]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, *(["-k", chosen] if chosen else [])],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "400"},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return 1, "it never ends"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return done.returncode, _in_short(failed[0]) if failed else ""


def _in_short(line: str) -> str:
    """Which test is red, and why: a test that is red for another reason proves nothing."""
    test, _, why = line.partition(" - ")
    name = test.partition("::")[2].partition("[")[0]
    words = why.removeprefix("AssertionError: ").replace("|", "/").replace("`", "'")
    return f"`{name}`: {words[:90]}".rstrip(": ")


def main(names: Sequence[str]) -> int:
    """Goes through all mutants, or those named; 1 if one is not noticed."""
    folder = Path(tempfile.mkdtemp(prefix="lsq-import-mutants-"))
    began = time.monotonic()
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    if red := red_already(chosen, folder):
        print(f"red without any mistake: {', '.join(red)}")
        return 1
    results = []
    for mutant in chosen:
        results.append(hunt(mutant, folder))
        print(results[-1]["name"], "red" if results[-1]["caught"] else "GREEN", results[-1]["by"], flush=True)
    before = figures("mutants") if names else {}
    known = {each["name"]: each for each in before.get("mutants", ())} | {each["name"]: each for each in results}
    ordered = [known[mutant.name] for mutant in MUTANTS if mutant.name in known]
    took = before.get("took", 0) + round(time.monotonic() - began)
    all_red = all(each["caught"] for each in ordered)
    note("mutants", {"mutants": ordered, "left_out": list(LEFT_OUT), "took": took, "proven": all_red})
    proven = all(each["caught"] for each in results)
    shutil.rmtree(folder)
    return 0 if proven else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
