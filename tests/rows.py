"""Rows of store visits for tests: small, legible, deterministic."""

import csv
import random
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

HEADER = ("Lead ID", "Visit Date", "Store Code", "Remarks", "Owner Email", "Amount", "Stage", "Phone")

MAPPING = """\
version: 1
name: visits
lead: {id: Lead ID}
activity:
  event: 201
  note: {template: "{Store Code}: {Remarks}"}
  datetime: {column: Visit Date, formats: ["%d/%m/%Y %H:%M"], timezone: Asia/Kolkata}
  owner: {column: Owner Email}
fields:
  mx_Custom_1: {column: Remarks, required: true, max_length: 200}
  mx_Custom_2: Store Code
  mx_Custom_3: {column: Amount, type: decimal}
  mx_Custom_4: {column: Phone}
  mx_Custom_9: {column: Stage, map: {won: Won, lost: Lost}, default: Open}
"""


def visit(number: int, **changes: str) -> dict[str, str]:
    """The visit of this number; the same every time."""
    choice = random.Random(f"visit-{number}")  # noqa: S311
    row = {
        "Lead ID": str(uuid.UUID(int=choice.getrandbits(128), version=4)),
        "Visit Date": f"{choice.randint(1, 28):02}/{choice.randint(1, 12):02}/2025 {choice.randint(0, 23):02}:05",
        "Store Code": f"{choice.randint(0, 9999):04}",
        "Remarks": f'visit {number}, "as agreed"',
        "Owner Email": f"user{choice.randint(1, 9)}@example.com",
        "Amount": f"{choice.randint(1, 99999)}.{choice.randint(0, 99):02}",
        "Stage": choice.choice(["won", "lost", ""]),
        "Phone": f"+9198{choice.randint(10000000, 99999999)}",
    }
    return row | changes


def write_csv(path: Path, rows: Iterable[dict[str, str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file of these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
