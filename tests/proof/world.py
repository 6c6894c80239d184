"""A small world to import in: a file, a mapping, an account that keeps its own list, and marks that must not leak."""

import csv
import json
import os
import random
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from importer.sandbox.faults import Schedule
from importer.sandbox.seeds import deleted_leads
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings

ACCESS_KEY = "AK-canary-9b5d1c7e/+4f"
SECRET_KEY = "SK-canary-e20c8a41/+7d"
"""Keys that are found wherever they turn up, plain or encoded."""

PERSON = "canary-person-"
"""What every row's text begins with; its number follows."""

EVENT = 4711
ROWS_PER_CALL = 25

MAPPING = f"""\
version: 1
name: proof
lead: {{id: Lead ID}}
activity:
  event: {EVENT}
  note: {{template: "{{Remarks}}, said {{Phone}}"}}
  datetime: {{column: Visit Date, formats: ["%d/%m/%Y %H:%M"], timezone: Asia/Kolkata}}
fields:
  mx_Custom_1: {{column: Remarks, required: true}}
  mx_Custom_2: Store Code
  mx_Custom_4: Phone
"""
KEYED = "import_key: {field: mx_Custom_15}\n"

HEADER = ("Lead ID", "Visit Date", "Store Code", "Remarks", "Phone")


def remark(number: int) -> str:
    """The text by which a row is known."""
    return f"{PERSON}{number:05}"


@dataclass(frozen=True, slots=True)
class World:
    """A folder with a file to import, and what is known of that file."""

    folder: Path
    remarks: Sequence[str]
    """One for each row, in order; twins have the same."""
    keyed: bool
    """Whether the mapping names a field for the import key."""

    @classmethod
    def made(cls, folder: Path, rows: int, *, keyed: bool, poison: int | None = None) -> "World":
        """A world with so many rows; every fiftieth is the very same as the one before it.

        :param poison: a row, from 1, whose lead was deleted.
        """
        folder.mkdir(parents=True, exist_ok=True)
        remarks = []
        with (folder / "visits.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number in range(1, rows + 1):
                own = number - 1 if number % 50 == 0 else number
                remarks.append(remark(own))
                writer.writerow(_cells(own, deleted=number == poison))
        (folder / "visits.yaml").write_text(MAPPING + (KEYED if keyed else ""), encoding="utf-8")
        return cls(folder, remarks, keyed)

    @property
    def state(self) -> Path:
        """Where the ledger is."""
        return self.folder / "state"

    @property
    def out(self) -> Path:
        """Where the reports are."""
        return self.folder / "import-results"

    @property
    def waiting(self) -> int:
        """Rows that the latest report calls not sent: too many were in doubt; the same command goes on with them."""
        reports = sorted(self.out.glob("*/summary.json"), key=lambda path: path.stat().st_mtime)
        return int(json.loads(reports[-1].read_text(encoding="utf-8"))["counts"]["not_sent"]) if reports else 0

    @property
    def logs(self) -> Path:
        """Where everything is that processes have said."""
        path = self.folder / "said"
        path.mkdir(exist_ok=True)
        return path

    def environment(self, server: SandboxServer) -> dict[str, str]:
        """The environment of a process that imports into this server; nothing of ours is in it but that."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("LSQ_")}
        return kept | {
            "LSQ_HOST": server.url,
            "LSQ_ACCESS_KEY": ACCESS_KEY,
            "LSQ_SECRET_KEY": SECRET_KEY,
            "LSQ_STATE_DIR": str(self.state),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


def _cells(number: int, *, deleted: bool) -> list[str]:
    choice = random.Random(f"proof-{number}")  # noqa: S311
    lead = str(uuid.UUID(int=choice.getrandbits(128), version=4))
    return [
        deleted_leads()[0] if deleted else lead,
        f"{choice.randint(1, 28):02}/{choice.randint(1, 12):02}/2025 {choice.randint(0, 23):02}:05",
        f"{choice.randint(0, 9999):04}",
        remark(number),
        f"+9198{choice.randint(10000000, 99999999)}",
    ]


def account(*rules: str, seed: int = 0, whole_calls_fail: bool = False) -> AbstractContextManager[SandboxServer]:
    """An account without limits in which calls go wrong by these rules; it keeps its own list of what is stored.

    :param whole_calls_fail: whether a bad row fails its whole call.
    """
    settings = SandboxSettings(
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        rate=None,
        bulk_rate=None,
        leads="open",
        activity_types="open",
        owners="open",
        bad_row="call" if whole_calls_fail else "row",
    )
    return SandboxServer(settings, faults=Schedule.of(*rules, seed=seed))
