"""The one checker of all proofs: what the importer says of its rows against the account's own list."""

import base64
import csv
import json
import re
import shutil
import sqlite3
import tempfile
import urllib.parse
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from importer.sandbox.store.activities import StoredActivity

from .world import ACCESS_KEY, PERSON, SECRET_KEY, World

OUTCOMES = ("created", "duplicate", "invalid", "rejected", "unknown", "not_sent")
ENDED = (0, 1)
"""Exit codes of runs that have nothing left to do."""

HELD = frozenset({"invalid", "rejected", "unknown"})
"""Outcomes of rows whose cells stay in the ledger, since somebody has to look at them."""


@dataclass(slots=True)
class Findings:
    """What a check has shown."""

    rows: int = 0
    created: int = 0
    rejected: int = 0
    unknown: int = 0
    duplicates: int = 0
    """Activities that are there more often than their rows."""
    lost: int = 0
    """Rows that are not there, and that nothing names."""
    unproven: int = 0
    """Rows called created by an activity that is not there, or not theirs."""
    denied: int = 0
    """Rows that are there, though they are said not to be."""
    wrong: list[str] = field(default_factory=list)
    """Everything that breaks a promise, in words."""


def check(world: World, there: Sequence[StoredActivity], *, whole: bool = True) -> Findings:
    """Compares the latest run's report with the account's list, and looks for what must not be anywhere.

    :param whole: whether the run has come to its end, so that no row may be left `not_sent`, nor `unknown` if rows have
        import keys.
    """
    found = Findings(rows=len(world.remarks))
    _find_duplicates(world, there, found)
    results = _results(world, found)
    if results:
        _compare(world, results, there, found)
        _count(world, results, found, whole=whole)
    _ledger(world, results, found)
    found.wrong += leaks(world)
    return found


def _results(world: World, found: Findings) -> list[dict[str, str]]:
    """The lines of the run's results.csv; others may have followed a run that was whole, with nothing to do."""
    runs = sorted(world.out.iterdir(), key=_began_at) if world.out.exists() else []
    codes = [_exit_code(folder) for folder in runs]
    if not runs or not set(codes[:-1]) <= set(ENDED) or not (runs[-1] / "results.csv").exists():
        found.wrong.append(f"{len(runs)} runs instead of one whole one, with exit codes {codes}")
        return []
    for later in runs[1:]:
        outcomes = {result["Outcome"] for result in _lines(later)}
        if not outcomes <= {"duplicate", "rejected", "invalid"}:
            found.wrong.append(f"a run after the last one has {outcomes}")
    folder = runs[0]
    hidden = [path.name for path in folder.iterdir() if path.name.startswith(".") and not _may_stay(path)]
    found.wrong += [f"half a report is left: {name}" for name in hidden]
    results = _lines(folder)
    if [int(result["Row"]) for result in results] != list(range(2, len(world.remarks) + 2)):
        found.wrong.append("results.csv does not list every row once, in order")
        return []
    counts = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["counts"]
    counted = Counter(result["Outcome"] for result in results)
    if counts != {"read": len(results)} | {outcome: counted[outcome] for outcome in OUTCOMES}:
        found.wrong.append(f"the summary says {counts}, results.csv {dict(counted)}")
    named = folder / "unknown.csv"
    listed = max(0, len(named.read_text(encoding="utf-8").splitlines()) - 1) if named.exists() else 0
    if listed != counted["unknown"]:
        found.wrong.append(f"unknown.csv names {listed} rows of {counted['unknown']}")
    return results


def _lines(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _began_at(folder: Path) -> str:
    summary = folder / "summary.json"
    return str(json.loads(summary.read_text(encoding="utf-8"))["started_at"]) if summary.exists() else ""


def _exit_code(folder: Path) -> int | None:
    summary = folder / "summary.json"
    code = json.loads(summary.read_text(encoding="utf-8"))["exit_code"] if summary.exists() else None
    return code if isinstance(code, int) else None


def _may_stay(path: Path) -> bool:
    """A process that was killed while it wrote a report leaves the part that was never put in its place."""
    return bool(re.fullmatch(r"\.(results|to-fix|unknown|summary)\.(csv|json)\.[0-9a-f]{8}", path.name))


def _find_duplicates(world: World, there: Sequence[StoredActivity], found: Findings) -> None:
    rows = Counter(world.remarks)
    stored = Counter(str(activity.fields.get("mx_Custom_1")) for activity in there)
    found.duplicates = sum(max(0, count - rows[remark]) for remark, count in stored.items())
    if world.keyed:
        keys = {activity.fields.get("mx_Custom_15") for activity in there}
        found.duplicates = max(found.duplicates, len(there) - len(keys))
    if found.duplicates:
        found.wrong.append(f"{found.duplicates} duplicates")


def _compare(world: World, results: Sequence[dict[str, str]], there: Sequence[StoredActivity], found: Findings) -> None:
    stored = Counter(str(activity.fields.get("mx_Custom_1")) for activity in there)
    by_id = {activity.id.lower(): str(activity.fields.get("mx_Custom_1")) for activity in there}
    said: dict[str, Counter[str]] = defaultdict(Counter)
    ids: Counter[str] = Counter()
    for remark, result in zip(world.remarks, results, strict=True):
        said[remark][result["Outcome"]] += 1
        if result["Outcome"] == "created":
            named = result["ProspectActivityId"].lower()
            ids[named] += 1
            found.unproven += by_id.get(named) != remark or result["ActivityCreated"] != "true"
    found.unproven += sum(count - 1 for count in ids.values())
    for remark, outcomes in said.items():
        claimed = outcomes["created"] + outcomes["duplicate"]
        found.lost += max(0, claimed - stored[remark])
        found.denied += max(0, stored[remark] - claimed - outcomes["unknown"])
    for what in ("lost", "unproven", "denied"):
        if getattr(found, what):
            found.wrong.append(f"{getattr(found, what)} {what}")


def _count(world: World, results: Sequence[dict[str, str]], found: Findings, *, whole: bool) -> None:
    counted = Counter(result["Outcome"] for result in results)
    found.created, found.rejected, found.unknown = counted["created"], counted["rejected"], counted["unknown"]
    if whole and counted["not_sent"]:
        found.wrong.append(f"{counted['not_sent']} rows were not sent")
    if whole and world.keyed and counted["unknown"]:
        found.wrong.append(f"{counted['unknown']} rows are not settled")


def _ledger(world: World, results: Sequence[dict[str, str]], found: Findings) -> None:
    """Sound, and without a word of the rows that are settled."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ledger.sqlite"
        for name in ("ledger.sqlite", "ledger.sqlite-journal"):
            if (world.state / name).exists():
                shutil.copy(world.state / name, copy.with_name(name))
        with closing(sqlite3.connect(copy)) as ledger:
            verdict = ledger.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        found.wrong.append(f"the ledger is damaged: {verdict}")
    settled = {
        remark for remark, result in zip(world.remarks, results, strict=False) if result["Outcome"] not in HELD
    } - {remark for remark, result in zip(world.remarks, results, strict=False) if result["Outcome"] in HELD}
    kept = _persons((world.state / "ledger.sqlite").read_bytes()) & settled
    if kept:
        found.wrong.append(f"the ledger still holds the cells of {len(kept)} rows that are settled")


def leaks(world: World) -> list[str]:
    """Keys anywhere, and cells where they don't belong: in what was said, and in reports that don't quote rows."""
    wrong = []
    for path in sorted(each for each in world.folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        for key in (ACCESS_KEY, SECRET_KEY):
            wrong += [f"a key stands in {path.name}, {how}" for how, text in _spellings(key) if text in content]
        about_rows = path.parent == world.logs or path.name in ("results.csv", "summary.json")
        if about_rows and _persons(content):
            wrong.append(f"cells of rows stand in {path.name}")
    return wrong


def _spellings(key: str) -> list[tuple[str, bytes]]:
    raw = key.encode()
    return [
        ("plain", raw),
        ("in percent", urllib.parse.quote(key, safe="").encode()),
        ("in base64", base64.b64encode(raw).rstrip(b"=")[:-1]),
        ("backwards", raw[::-1]),
    ]


def _persons(content: bytes) -> set[str]:
    return {found.decode() for found in re.findall(PERSON.encode() + rb"\d{5}", content)}
