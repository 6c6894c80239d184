"""The six roads as somebody would ask for them with a spreadsheet, and what must arrive; made without the importer."""

import random
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import Command, Ran
from tests.rows import write_csv

HEADER = (
    "Lead ID",
    "E-mail",
    "First",
    "Last",
    "Phone",
    "When",
    "Note",
    "Owner e-mail",
    "Owner",
    "Code",
    "Amount",
    "City",
    "File",
)
USER = "bf8ce802-836f-11e7-8758-0a106ee76b21"
FAST = ("--rate", "500/1s", "--bulk-rate", "500/1s", "--settle", "0.5")

LEADS = {
    "bulk_by_lead_id": "id: Lead ID",
    "bulk_by_lead_field": "search_by: EmailAddress\n  value: E-mail",
    "single_by_lead_id": "id: Lead ID\n  include_score: true",
    "single_by_email": "email: E-mail\n  first_name: First\n  last_name: Last\n  phone: Phone",
    "lead_and_activity": """search_by: EmailAddress
  attributes:
    EmailAddress: E-mail
    FirstName: First
    mx_City: City
    mx_KYC: {fields: {Status: {constant: Pending}, mx_CustomObject_1: File}}""",
}
LEADS["lead_and_activity_async"] = LEADS["lead_and_activity"]
ROADS = tuple(LEADS)


def mapping_of(road: str, more: str = "") -> str:
    """The mapping that takes this road."""
    owner = "Owner e-mail" if road.startswith("bulk") else "Owner"
    return f"""version: 1
lead:
  route: {road}
  {LEADS[road]}
activity:
  event: 201
  note: {{template: "{{Code}}: {{Note}}"}}
  datetime: {{column: When, formats: [dd/mm/yyyy HH:MM], timezone: Asia/Kolkata}}
  owner: {owner}
fields:
  mx_Custom_1: Code
  mx_Custom_2: {{column: Amount, type: decimal, number: {{thousands: ",", decimal: "."}}}}
  mx_Custom_3: {{column: When, type: datetime, formats: [dd/mm/yyyy HH:MM], timezone: Asia/Kolkata}}
  mx_Custom_8: {{constant: "1"}}
  mx_Custom_10: {{fields: {{Status: {{constant: Pending}}, mx_CustomObject_1: File}}}}
{more}"""


def row(number: int) -> dict[str, str]:
    """The row of this number; the same every time. Some lack what may be empty."""
    choice = random.Random(f"row-{number}")  # noqa: S311
    return {
        "Lead ID": str(uuid.UUID(int=choice.getrandbits(128), version=4)),
        "E-mail": f"lead{number}@example.com",
        "First": f"Zoë {number}",
        "Last": "" if number % 4 == 0 else f"d'Souza-{number}",
        "Phone": f"+91{choice.randint(7000000000, 9999999999)}",
        "When": f"{choice.randint(1, 28):02}/{choice.randint(1, 12):02}/2025 {choice.randint(0, 23):02}:05",
        "Note": f'visit {number}, "दिल्ली" \\ 🙂',
        "Owner e-mail": "" if number % 5 == 0 else f"user{number % 3}@example.com",
        "Owner": "" if number % 5 == 0 else USER,
        "Code": f"{number:04}",
        "Amount": "" if number % 7 == 0 else f"1,{number:03}.50",
        "City": "" if number % 6 == 0 else "Pune",
        "File": f"scan-{number}.png",
    }


ROWS = [row(number) for number in range(1, 31)]


def expected(road: str, row: dict[str, str]) -> dict[str, Any]:
    """What must arrive for a row, to the last member."""
    utc = datetime.strptime(row["When"], "%d/%m/%Y %H:%M") - timedelta(hours=5, minutes=30)  # noqa: DTZ007
    moment = f"{utc:%Y-%m-%d %H:%M:%S}"
    bulk = road.startswith("bulk")
    fields: list[dict[str, Any]] = [
        {"SchemaName": "mx_Custom_1", "Value": row["Code"]},
        *([{"SchemaName": "mx_Custom_2", "Value": row["Amount"].replace(",", "")}] if row["Amount"] else []),
        {"SchemaName": "mx_Custom_3", "Value": moment},
        {"SchemaName": "mx_Custom_8", "Value": "1"},
        {"Attribute": "mx_Custom_10", "Value": "", "Fields": kyc(row)},
        *([{"SchemaName": "Owner", "Value": row["Owner"]}] if row["Owner"] and not bulk else []),
    ]
    activity: dict[str, Any] = {
        "ActivityEvent": 201,
        "ActivityNote": f"{row['Code']}: {row['Note']}",
        "ActivityDateTime": moment,
        "Fields": fields,
    }
    if bulk and row["Owner e-mail"]:
        activity["ActivityOwnerEmail"] = row["Owner e-mail"]
    match road:
        case "bulk_by_lead_id":
            return {"RelatedProspectId": row["Lead ID"]} | activity
        case "single_by_lead_id":
            return {"RelatedProspectId": row["Lead ID"], "IncludeLeadScore": True} | activity
        case "bulk_by_lead_field":
            return {"SearchByValue": row["E-mail"]} | activity
        case "single_by_email":
            named = {"FirstName": row["First"], "LastName": row["Last"], "Phone": row["Phone"]}
            return {"EmailAddress": row["E-mail"]} | {key: text for key, text in named.items() if text} | activity
        case _:
            return {"LeadDetails": details(row), "Activity": activity}


def kyc(row: dict[str, str]) -> list[dict[str, str]]:
    """The custom field set of a row."""
    return [{"Attribute": "Status", "Value": "Pending"}, {"Attribute": "mx_CustomObject_1", "Value": row["File"]}]


def details(row: dict[str, str]) -> list[dict[str, Any]]:
    """The lead of a row as page 001 writes it."""
    return [
        {"Attribute": "EmailAddress", "Value": row["E-mail"]},
        {"Attribute": "FirstName", "Value": row["First"]},
        *([{"Attribute": "mx_City", "Value": row["City"]}] if row["City"] else []),
        {"Attribute": "mx_KYC", "Value": "", "Fields": kyc(row)},
        {"Attribute": "SearchBy", "Value": "EmailAddress"},
    ]


def write(folder: Path, road: str, rows: list[dict[str, str]] = ROWS, more: str = "") -> None:
    """Rows and mapping as files."""
    write_csv(folder / "visits.csv", rows, HEADER)
    (folder / "visits.yaml").write_text(mapping_of(road, more), encoding="utf-8")


def run(lsq_import: Command, *more: str, env: dict[str, str]) -> Ran:
    """Imports the files, quickly."""
    return lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", *FAST, "--json", *more, env=env)
