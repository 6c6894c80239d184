"""The same file checked by frictionless with rules equal to ours. Run as a process of its own, by a Python that has it.

python benchmarks/frictionless_peer.py FILE
"""

import importlib
import sys
from typing import Any, Final

VISIT: Final = "%d/%m/%Y %H:%M"

FIELDS: Final[list[dict[str, Any]]] = [
    {"name": "Lead ID", "type": "string", "format": "uuid", "constraints": {"required": True}},
    {"name": "Visit Date", "type": "datetime", "format": VISIT, "constraints": {"required": True}},
    {"name": "Store", "type": "string"},
    {"name": "Store Code", "type": "string", "constraints": {"pattern": "[0-9]{4}"}},
    {"name": "Remarks", "type": "string", "constraints": {"maxLength": 200}},
    {"name": "Owner Email", "type": "string", "format": "email"},
    {"name": "Campaign", "type": "string", "constraints": {"required": True}},
    {"name": "Amount", "type": "number"},
    {"name": "Follow-up", "type": "date", "format": "%d/%m/%Y"},
    {"name": "Stage", "type": "string", "constraints": {"enum": ["won", "lost", "open"]}},
    {"name": "Phone", "type": "string", "constraints": {"pattern": "[+][0-9]{8,15}"}},
    {"name": "City", "type": "string"},
    {"name": "Reference", "type": "string"},
]


def main(path: str) -> None:
    """Checks the file, and says how many rows are bad."""
    frictionless = importlib.import_module("frictionless")  # not everybody has it
    schema = frictionless.Schema.from_descriptor({"fields": FIELDS})
    report = frictionless.Resource(path=path, schema=schema).validate(limit_errors=10**9)
    rows = {error.row_number for task in report.tasks for error in task.errors}
    print(len(rows), "bad rows")


if __name__ == "__main__":
    main(sys.argv[1])
