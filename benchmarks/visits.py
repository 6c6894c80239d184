"""A large file of store visits, 13 columns, 2 % of its rows bad, and the mapping for it."""

import random
import uuid
from pathlib import Path

HEADER = (
    "Lead ID,Visit Date,Store,Store Code,Remarks,Owner Email,Campaign,Amount,Follow-up,Stage,Phone,City,Reference\n"
)

MAPPING = """\
version: 1
name: visits
lead: {id: Lead ID}
activity:
  event: 201
  note: {template: "{Store}: {Remarks}"}
  datetime: {column: Visit Date, formats: ["%d/%m/%Y %H:%M"], timezone: Asia/Kolkata}
  owner: {column: Owner Email}
fields:
  mx_Custom_1: {column: Campaign, required: true}
  mx_Custom_2: {column: Store Code, pattern: "[0-9]{4}"}
  mx_Custom_3: {column: Amount, type: decimal}
  mx_Custom_4: {column: Remarks, max_length: 200}
  mx_Custom_5: {column: Follow-up, type: date, formats: ["%d/%m/%Y"]}
  mx_Custom_6: {column: Phone, type: phone}
  mx_Custom_7: City
  mx_Custom_8: {constant: "1"}
  mx_Custom_9: {column: Stage, type: choice, choices: [won, lost, open]}
  mx_Custom_11: Reference
"""


def write_visits(path: Path, rows: int, bad: float = 0.02) -> Path:
    """Writes the file, the same one every time; about 170 bytes a row."""
    choice = random.Random(rows)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(rows):
            file.write(_row(number, choice, bad))
    return path


def _row(number: int, choice: random.Random, bad: float) -> str:
    lead = str(uuid.UUID(int=choice.getrandbits(128)))
    visited = f"{choice.randint(1, 28):02}/{choice.randint(1, 12):02}/2025 {choice.randint(0, 23):02}:{number % 60:02}"
    amount = f"{choice.randint(1, 999_999)}.{number % 100:02}"
    if choice.random() < bad:
        match choice.randint(1, 4):
            case 1:
                lead = lead[:-1]
            case 2:
                visited = "31/02/2025 10:30"
            case 3:
                amount = "12,5OO".replace(",", ".")
            case _:
                visited = ""
    cells = (
        lead,
        visited,
        f"Store {choice.randint(1, 500)}",
        f"{choice.randint(0, 9999):04}",
        f"Met the manager {choice.randint(1, 999_999)} times",
        f"user{choice.randint(1, 50)}@example.com",
        f"Campaign {choice.randint(1, 9)}",
        amount,
        f"{choice.randint(1, 28):02}/{choice.randint(1, 12):02}/2026",
        choice.choice(("won", "lost", "open")),
        f"+9198{choice.randint(10_000_000, 99_999_999)}",
        "Pune",
        f"{number:08}",
    )
    return ",".join(cells) + "\n"
