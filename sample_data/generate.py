"""Writes the four sample exports beside itself, the same bytes every time.

They fit the demonstration account of the sandbox: its leads, users, activity types and options. What is wrong in them
is wrong on purpose: the tables of mistakes say why somebody would write it, README.md what becomes of it.
With the project installed: `python sample_data/generate.py`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from importer.sandbox.account import Lead
from importer.sandbox.seeds import deleted_leads, demo_leads, demo_users

MONTH_END = date(2026, 10, 31)
"""The last day that the exports cover; what they plan (follow-ups, calls back) is within three weeks after it."""
INDIA = ZoneInfo("Asia/Kolkata")
GERMANY = ZoneInfo("Europe/Berlin")

LEADS = demo_leads()
_, MANAGER, *SELLERS = (user for user in demo_users() if user.active)

Row = dict[str, str]
Mistakes = Mapping[tuple[int, str], str | tuple[str, str]]
"""Row (the first below the header is 1) and column -> what stands there, or (pattern, what is written in its place)."""


def main(folder: Path = Path(__file__).parent) -> None:
    """Write all four files into a folder."""
    for write in (store_visits, call_log, web_signups, loan_applications):
        name, content = write()
        (folder / name).write_bytes(content)


# ------------------------------------------------------------------------------------------------- store visits

VISIT_MISTAKES: Mistakes = {
    (23, "Lead ID"): (".$", ""),  # copied by hand, and the last character was not marked
    (58, "Store"): "",  # a new shop that was not in the app's list yet
    (113, "Visit Date"): "09/14/2026 16:05",  # from a phone set to American English: month first
    (198, "Order Value"): ("00", "OO"),  # letters, not zeros
    (244, "Visit Date"): "31/09/2026 11:30",  # typed in a day later; September has thirty days
    (263, "Owner Email"): ("@", "."),  # the @ was not found on the keyboard
    (279, "Stage"): ("Follow-Up", "Follow-up"),  # the account's option is written Follow-Up Visit
    (311, "Remarks"): (  # somebody has pasted a whole mail
        "Fwd: Diwali display. Dear sir, thank you for your visit of last week. We have discussed the display with our "
        "partner and would like to have the three-seater and two of the armchairs in front, the dining set on the left "
        "and the lamps by the window. Please confirm that the carpenter comes on Thursday, that the old display is "
        "taken back without charge, and that the rates of the August list still hold until the end of November. With "
        "kind regards, the manager"
    ),
    (384, "Visitors"): "10-12",  # an estimate where a number is wanted
    (415, "Store Code"): ("^0", "O"),  # the letter, not the zero
    (431, "Segment"): "GROC",  # the app writes GRO; this one is somebody's own
}
VISIT_WITH_A_LOOSE_COMMA = 347
"""Put in with a text editor, without quotation marks: one field too many."""
VISITS_TO_DELETED_LEADS: Mistakes = {
    (number, "Lead ID"): lead_id for number, lead_id in zip((142, 297, 455), deleted_leads(3), strict=True)
}
"""Well-formed, but the leads were deleted after the app had loaded its list: LeadSquared refuses."""
VISIT_MADE_TWICE = 202
"""Two people of that shop, one after the other: this row and the next are the same, and both count."""

REMARKS = {
    "New": (
        "Café corner planned; asks for small tables",
        "Very good location, 2nd floor, no lift",
        "Display window 12' x 8\", needs new lights",
        "मालक पुढच्या आठवड्यात भेटतील",
        "",
    ),
    "Follow-Up Visit": (
        "Owner not in, met the nephew",
        "Wants a discount of 5%, will decide after Diwali",
        "1) new price list given\n2) old stock returned\n3) calls back on Monday",
        "=> call before the next visit",
        "NA",
        "",
    ),
    "Won": (
        "Ordered 20 chairs.\nDelivery on Friday, before noon.",
        "ग्राहक बहुत खुश है, फिर आएगा",
        "Payment of last month received (cheque)",
        "",
    ),
    "Lost": (
        'Said "rates are too high", compares with the shop next door',
        "दुकान बंद थी",
        "- closed for good -",
        "",
    ),
}
SEGMENTS = {"FUR": "Furniture", "ELE": "Electronics", "CLO": "Garments", "GRO": "Stores"}


def store_visits() -> tuple[str, bytes]:
    """A field-sales app's export: UTF-8, local time dd/mm/yyyy HH:MM, codes with zeros in front, free remarks."""
    chance = Random("store visits")
    rows = [_visit(chance, moment) for moment in _moments(chance, _working_days(61), range(10, 19), INDIA, 480)]
    rows[VISIT_MADE_TWICE] = rows[VISIT_MADE_TWICE - 1]
    _spoil(rows, VISIT_MISTAKES)
    _spoil(rows, VISITS_TO_DELETED_LEADS)
    lines = _lines(rows)
    remarks = lines[0].index("Remarks")
    lines[VISIT_WITH_A_LOOSE_COMMA][remarks : remarks + 1] = ["Paid half by cheque", " the rest next week"]
    return "store_visits.csv", (_csv(lines) + "\n").encode()


def _visit(chance: Random, moment: datetime) -> Row:
    number = chance.randrange(160)  # so many shops are on the round
    shop = LEADS[number]
    segment = list(SEGMENTS)[number % len(SEGMENTS)]
    stage = chance.choices(("New", "Follow-Up Visit", "Won", "Lost"), weights=(2, 4, 3, 1))[0]
    won = stage == "Won"
    amount = _rupees(chance.randrange(8, 900) * 500) + chance.choice(("", ".00", ".50"))
    follow_up = moment + timedelta(days=chance.randrange(4, 19))
    return {
        "Lead ID": shop.id,
        "Visit Date": f"{moment:%d/%m/%Y %H:%M}",
        "Store": f"{shop.attributes['LastName']} {SEGMENTS[segment]}, {shop.attributes['mx_City']}",
        "Store Code": f"{number * 11 + 1:04}",
        "Segment": segment,
        "Visitors": str(chance.randrange(1, 60)),
        "Stage": stage,
        "Order Value": amount if won else "",
        "Invoice No": f"{chance.randrange(1_000, 9_999):06}" if won else "",
        "Follow-up": f"{follow_up:%d/%m/%Y}" if stage in ("New", "Follow-Up Visit") else "",
        "Brochure": chance.choice(("given", "left at the counter", "refused", "")),
        "Remarks": chance.choice(REMARKS[stage]),
        "Campaign": chance.choice(("Diwali 2026", "Diwali 2026", "Monsoon clearance", "")),
        "Owner Email": chance.choice((*(user.email for user in (MANAGER, *SELLERS)), "")),
        "Phone": _spaced(shop.phone),
        "App Version": "7.4.1",
    }


# ----------------------------------------------------------------------------------------------------- call log

Cell = str | int | float | bool | datetime | timedelta | None

CALL_MISTAKES: Mapping[tuple[int, str], Cell] = {
    (19, "Ext."): "#N/A",  # looked up by name, and the name was written differently
    (37, "Call Time"): "about 12, power cut",  # entered by hand afterwards
    (53, "Customer Phone"): None,  # the caller withheld the number
    (74, "Call Time"): 46310.5045,  # pasted as a value: Excel's day number, no longer a date
    (101, "Customer Phone"): 910098195,  # lost its last digit on the way
    (118, "Ext."): 47,  # a new telephone, which the mapping does not know yet
    (133, "Outcome"): "",  # the call was still going on when the report was made
}
CALLS_OF_STRANGERS: Mapping[tuple[int, str], Cell] = {
    (29, "Customer Phone"): 9_199_912_345,
    (88, "Customer Phone"): 9_199_954_321,
}
"""Well-formed, but nobody in the account has these numbers: LeadSquared refuses."""

SUMMARIES = (
    "Asked for the price of the corner sofa",
    "Delivery moved to Saturday, 10 am",
    "Complaint: one chair is scratched; photo to follow by mail",
    'Will "think about it"',
    "Wants the catalogue in Marathi",
    "Order confirmed, advance paid",
    "",
)
EXTENSIONS = {41: MANAGER, **dict(zip(range(42, 45), SELLERS, strict=True))}
WIDTHS = {"Call Time": 19, "Customer Phone": 16, "Agent": 16, "Call ID": 18, "Call Back": 19, "Summary": 50}


def call_log() -> tuple[str, bytes]:
    """A telephone system's report: a workbook with title rows, real dates, durations, a legend and a hidden column."""
    chance = Random("call log")
    rows = [_call(chance, moment) for moment in _moments(chance, _working_days(31), range(10, 19), INDIA, 150)]
    for (number, column), cell in (*CALL_MISTAKES.items(), *CALLS_OF_STRANGERS.items()):
        rows[number - 1][column] = cell
    workbook = Workbook()
    calls = workbook.worksheets[0]
    calls.title = "Calls"
    _write_titles(calls, width=len(rows[0]))
    for place, column in enumerate(rows[0], start=1):
        dimension = calls.column_dimensions[get_column_letter(place)]
        dimension.width, dimension.hidden = WIDTHS.get(column, 11), column == "Call ID"
        calls.cell(4, place, column).font = Font(bold=True)
        for below, row in enumerate(rows, start=5):
            calls.cell(below, place, row[column]).number_format = _number_format(column, row[column])
    calls.freeze_panes = "A5"
    _write_legend(workbook.create_sheet("Legend"))
    return "call_log.xlsx", _xlsx(workbook)


def _call(chance: Random, moment: datetime) -> dict[str, Cell]:
    moment += timedelta(seconds=chance.randrange(300))
    lead = chance.choice(LEADS)
    extension = chance.choice(list(EXTENSIONS))
    outcome = chance.choices(("ANSWERED", "NO ANSWER", "BUSY", "CALL BACK", "WRONG NO"), weights=(6, 2, 1, 2, 1))[0]
    talked = chance.randrange(20, 2_400) if outcome in ("ANSWERED", "CALL BACK") else 0
    back = datetime.combine(moment.date() + timedelta(days=chance.randrange(1, 6)), time(chance.randrange(10, 18), 30))
    return {
        "Call Time": moment.replace(tzinfo=None),  # Excel knows no time zones
        "Direction": chance.choice(("In", "Out", "Out")),
        "Customer Phone": int(lead.phone.removeprefix("+91-")),
        "Ext.": extension,
        "Agent": EXTENSIONS[extension].name,
        "Call ID": f"{moment.timestamp():.0f}.{chance.randrange(100, 999)}",
        "Outcome": outcome,
        "Seconds": talked,
        "Talk Time": timedelta(seconds=talked),
        "Attempt": chance.randrange(1, 5),
        "Recorded": talked > 60,
        "Call Back": back if outcome == "CALL BACK" else None,
        "Language": chance.choice(("Marathi", "Hindi", "English")),
        "Summary": chance.choice(SUMMARIES) if talked else None,
    }


def _write_titles(sheet: Worksheet, width: int) -> None:
    sheet.cell(1, 1, "Konkan Interiors Pvt. Ltd.: call log").font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.cell(2, 1, f"Period: 01-{MONTH_END:%b-%Y} to {MONTH_END:%d-%b-%Y}, all extensions")


def _number_format(column: str, content: Cell) -> str:
    """As the telephone system sets it; everything else is General, the customers' numbers too."""
    if isinstance(content, datetime):
        return "dd-mmm-yyyy hh:mm"
    if isinstance(content, timedelta):
        return "[h]:mm:ss"
    return "0000" if column == "Ext." else "General"


def _write_legend(sheet: Worksheet) -> None:
    sheet.append(["Ext.", "Agent", "E-mail"])
    for extension, user in EXTENSIONS.items():
        sheet.append([f"{extension:04}", user.name, user.email])
    sheet.append([])
    sheet.append(["CALL BACK", "The customer asked to be called again; the column Call Back says when."])
    sheet.append(["WRONG NO", "Somebody else answered."])


# -------------------------------------------------------------------------------------------------- web sign-ups

SKIPPED_HOUR = datetime(2026, 3, 29, 2, 30, tzinfo=GERMANY)
"""The clocks went from 02:00 to 03:00; the shop's server did not know."""
REPEATED_HOUR = datetime(2026, 10, 25, 2, 15, tzinfo=GERMANY)
"""It was 02:15 twice in that night."""

SIGNUP_MISTAKES: Mistakes = {
    (10, "E-Mail"): (r"\.(?=[a-z]+$)", ","),  # a comma for the point
    (25, "E-Mail"): (r"\.", " "),  # a blank for the point
    (38, "E-Mail"): (r"\.[a-z]+$", ""),  # the ending is missing
    (52, "E-Mail"): ("@", "(at)"),  # afraid of robots
}
SIGNUP_WITH_A_KNOWN_PHONE: Mistakes = {(33, "E-Mail"): ("com$", "org")}
"""A lead of the account under another address: the phone number of a new lead would not be unique; refused as well."""

PEOPLE = (
    "Jürgen Groß", "Renée Lefèvre", "Anke Schröder", "François Dubois", "Björn Åkesson", "Zoë van Dijk",
    "Sören Jäger", "Chloé Béranger", "Käthe Weiß", "Núria Martí", "Tomás Muñoz", "Heike Böhm", "Øyvind Dahl",
    "Agnès Forêt", "Uwe Lüders", "Íris Araújo", "Günter Strauß", "Mária Kovács", "Jörg Mößner", "Élodie Garçon",
)  # fmt: skip
MESSAGES = (
    "",
    "",
    "Gibt es das Sofa auch für unter 1.000 €?",
    "Bitte um Rückruf; nachmittags passt es am besten",
    'Ist der Tisch "Goa" in Eiche möglich?',
    "Lieferung nach Österreich?",
)


def web_signups() -> tuple[str, bytes]:
    """A German web shop's export: semicolons, Windows encoding and line ends, decimal commas, local time."""
    chance = Random("web sign-ups")
    moments = [SKIPPED_HOUR, REPEATED_HOUR, *_moments(chance, _days(230), range(7, 23), GERMANY, 58)]
    rows = [_signup(chance, number, moment) for number, moment in enumerate(sorted(moments), start=1)]
    _spoil(rows, SIGNUP_MISTAKES)
    _spoil(rows, SIGNUP_WITH_A_KNOWN_PHONE)
    return "web_signups.csv", _csv(_lines(rows), delimiter=";", line_end="\r\n").encode("cp1252")


def _signup(chance: Random, number: int, moment: datetime) -> Row:
    """Every third is a lead already; the others are new, and the call makes leads of them."""
    moment += timedelta(minutes=chance.randrange(5))
    known = LEADS[number * 5].attributes
    first, last = PEOPLE[number % len(PEOPLE)].split(" ", 1)
    new = {
        "FirstName": first,
        "LastName": last,
        "EmailAddress": f"{_plain(first)}.{_plain(last)}{number}@example.{chance.choice(('com', 'net', 'org'))}",
        "Phone": f"+49 30 23125 {number:03}" if chance.random() < 0.6 else "",
        "mx_City": chance.choice(("Berlin", "München", "Köln", "Zürich", "Graz")),
    }
    person = new if number % 3 else known
    confirmed = moment + timedelta(minutes=chance.randrange(61, 300))
    birthday = date(1960, 1, 1) + timedelta(days=chance.randrange(16_000))
    return {
        "Datum": f"{moment:%d.%m.%Y %H:%M}",
        "E-Mail": person["EmailAddress"],
        "Vorname": person["FirstName"],
        "Nachname": person["LastName"],
        "Telefon": person["Phone"],
        "Ort": person["mx_City"],
        "Seite": chance.choice(("/sofas", "/tische/goa", "/katalog", "/angebote?seite=2")),
        "Quelle": chance.choice(("Suche", "Soziale Medien", "E-Mail", "Empfehlung")),
        "Besuche": str(chance.randrange(40)),
        "Gerät": chance.choice(("Smartphone", "Tablet", "Rechner")),
        "Newsletter": chance.choice(("ja", "nein")),
        "Bestätigt": f"{confirmed:%d.%m.%Y %H:%M}" if chance.random() < 0.8 else "",
        "Gutschein (€)": chance.choice(("", "", "5,00", "12,50", "1.250,00")),
        "Geburtstag": f"{birthday:%d.%m.%Y}" if chance.random() < 0.5 else "",
        "Nachricht": chance.choice(MESSAGES),
    }


# --------------------------------------------------------------------------------------------- loan applications

LOAN_MISTAKES: Mistakes = {
    (7, "Loan Amount"): "5 lakhs",  # as one says it
    (16, "E-mail"): "",  # the applicant has none, but leads are searched by it
    (25, "Purpose"): "Two-wheeler",  # not among the account's four purposes
    (34, "Tenure (months)"): "5 years",
}
BRANCHES = {"0007": "Pune", "0019": "Mumbai", "0113": "Kochi", "0204": "Indore"}
APPLICANTS = (
    "Meenal Pawar", "Rohit Naik", "Zeenat Sheikh", "Ganesh Dalvi", "Alka Desai", "Tushar More", "Priti Salvi",
    "Yusuf Ansari", "Leena Bhosale", "Nitin Gaikwad", "Sarita Jadhav", "Kiran Shetty", "Anand Kamat", "Rekha Thakur",
    "Dinesh Solanki", "Fatima Qureshi", "Hemant Phadke", "Sunita Yadav", "Vinod Chavan", "Mary D'Souza",
)  # fmt: skip
LOAN_REMARKS = ("", "", "Salary slips awaited", "Guarantor: brother", "Wants a lower rate; see mail")
EMPLOYERS = ("Konkan Railway", "City Hospital, Pune", "Self (tailor)", 'Hotel "Sea View"', "Govt. High School")


def loan_applications() -> tuple[str, bytes]:
    """A branch system's export as Excel saves it: UTF-8 with its mark, CRLF, amounts with Indian thousands marks."""
    chance = Random("loan applications")
    moments = _moments(chance, _working_days(46), range(10, 19), INDIA, 40)
    rows = [_application(chance, number, moment) for number, moment in enumerate(moments, start=1)]
    _spoil(rows, LOAN_MISTAKES)
    return "loan_applications.csv", _csv(_lines(rows), line_end="\r\n").encode("utf-8-sig")


def _application(chance: Random, number: int, moment: datetime) -> Row:
    """Every second applicant is a lead already, and is updated; the others are created."""
    person = LEADS[300 + number] if number % 2 else _applicant(number)
    branch = chance.choice(list(BRANCHES))
    decision = chance.choice(("Pending", "Approved", "Refused"))
    decided = moment + timedelta(days=chance.randrange(2, 6))
    pan = chance.random() < 0.8
    return {
        "Application No": f"LN/2026/{number + 410:05}",
        "Applied On": f"{moment:%d/%m/%Y %I:%M %p}",
        "First Name": person.attributes["FirstName"],
        "Last Name": person.attributes["LastName"],
        "E-mail": person.email,
        "Mobile": person.phone,
        "City": BRANCHES[branch],
        "Purpose": chance.choice(("Home", "Car", "Education", "Business")),
        "Loan Amount": f"{_rupees(chance.randrange(60, 9_000) * 1_000)}.00",
        "Tenure (months)": str(chance.choice((12, 24, 36, 60, 120, 240))),
        "Branch Code": branch,
        "Officer": chance.choice((MANAGER, *SELLERS)).name,
        "Salaried": chance.choice(("Y", "N")),
        "Employer": chance.choice(EMPLOYERS),
        "KYC Status": "Complete" if pan else "Pending",
        "PAN Card": f"LN-{number + 410:05}-pan.pdf" if pan else "",
        "Address Proof": f"LN-{number + 410:05}-electricity-bill.pdf" if chance.random() < 0.7 else "",
        "Decision": decision,
        "Decided On": "" if decision == "Pending" else f"{decided:%d-%b-%Y}",
        "Account No": f"00{chance.randrange(10**13, 10**14)}",
        "Remarks": chance.choice(LOAN_REMARKS),
    }


def _applicant(number: int) -> Lead:
    first, last = APPLICANTS[number // 2 - 1].split()
    email = f"{_plain(first)}.{_plain(last)}@example.net"
    return Lead("", {"FirstName": first, "LastName": last, "EmailAddress": email, "Phone": f"+91-91999{number:05}"})


# ------------------------------------------------------------------------------------------- what they have alike


def _days(count: int) -> list[date]:
    """The last days up to the month's end."""
    return [MONTH_END - timedelta(days=back) for back in reversed(range(count))]


def _working_days(count: int) -> list[date]:
    """The same without Sundays."""
    return [day for day in _days(count) if day.isoweekday() < 7]


def _moments(chance: Random, days: Sequence[date], hours: range, zone: ZoneInfo, count: int) -> list[datetime]:
    """So many moments on these days, in these hours, on every fifth minute, in order."""
    return sorted(
        datetime.combine(chance.choice(days), time(chance.choice(hours), chance.randrange(0, 60, 5)), zone)
        for _ in range(count)
    )


def _rupees(amount: int) -> str:
    """12,34,567: a comma before the last three digits, then before every two."""
    return re.sub(r"(?<=\d)(?=(\d\d)+\d$)", ",", str(amount))


def _spaced(phone: str) -> str:
    """+91 91000 07919, as people write it."""
    digits = phone.removeprefix("+91-")
    return f"+91 {digits[:5]} {digits[5:]}"


def _plain(name: str) -> str:
    """A name as it stands in an e-mail address."""
    for letter, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "o"), (" ", ""), ("'", "")):
        name = name.lower().replace(letter, spelt)
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _spoil(rows: Sequence[Row], mistakes: Mistakes) -> None:
    for (number, column), written in mistakes.items():
        row = rows[number - 1]
        row[column] = written if isinstance(written, str) else re.sub(*written, row[column], count=1)


def _lines(rows: Sequence[Row]) -> list[list[str]]:
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def _csv(lines: Iterable[Sequence[str]], *, delimiter: str = ",", line_end: str = "\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(lines)
    return text.getvalue()


def _xlsx(workbook: Workbook) -> bytes:
    """The workbook without a trace of when, where and with which zlib it was written."""
    noon = datetime.combine(MONTH_END, time(12))
    workbook.properties.creator = "sample_data/generate.py"
    workbook.properties.created = workbook.properties.modified = noon
    written, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(workbook, ZipFile(written, "w")).save()  # Workbook.save would put the present time into it
    with ZipFile(written) as source, ZipFile(packed, "w", ZIP_STORED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, noon.timetuple()[:6])
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()


if __name__ == "__main__":
    main()
