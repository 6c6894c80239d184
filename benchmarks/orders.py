"""A large workbook of orders, as Excel writes them: 20 columns, 2 % of the rows bad; and the mapping for it."""

import random
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

MAPPING = """\
version: 1
name: orders
lead: {id: Lead ID}
activity:
  event: 201
  note: {template: "{Store}: {Remarks}"}
  datetime: {column: Ordered At, timezone: Asia/Kolkata}
  owner: {column: Owner Email}
fields:
  mx_Custom_1: {column: Order No, required: true, pattern: "SO-[0-9]{6}"}
  mx_Custom_2: {column: Store Code, pattern: "[0-9]{4}"}
  mx_Custom_3: {column: Amount, type: decimal}
  mx_Custom_4: {column: Comment, max_length: 200}
  mx_Custom_5: {column: Follow-up, type: date}
  mx_Custom_6: {column: Phone, type: phone}
  mx_Custom_7: City
  mx_Custom_8: {column: Paid, type: boolean}
  mx_Custom_9: {column: Stage, type: choice, choices: [won, lost, open]}
  mx_Custom_10: {column: Campaign, required: true}
  mx_Custom_11: {column: Delivery, type: date}
  mx_Custom_12: {column: Quantity, type: integer}
  mx_Custom_13: {column: Discount, type: decimal}
  mx_Custom_14: {column: Weight, type: decimal}
  mx_Custom_15: {column: Reference, max_length: 60}
"""

_COLUMNS = (
    "Order No", "Lead ID", "Ordered At", "Store", "Store Code", "City", "Remarks", "Owner Email", "Campaign", "Amount",
    "Quantity", "Discount", "Weight", "Phone", "Paid", "Reference", "Comment", "Follow-up", "Stage", "Delivery",
)  # fmt: skip

_FORMATS = ("dd/mm/yyyy hh:mm", "0000", "#,##0.00", "0.0%", "0.000", "dd\\-mmm\\-yy", "dd/mm/yyyy")
_MOMENT, _CODE, _MONEY, _PERCENT, _WEIGHT, _SHORT_DATE, _DATE = range(1, 8)
"""Cells have style n for the n-th format, or none for General."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_FIRST_DAY = 45_658
"""1 January 2025."""


def write_orders(path: Path, rows: int, bad: float = 0.02) -> Path:
    """Writes the workbook, the same one every time. One cell in fourteen is blank, half of those with a style."""
    table = _Table(rows, bad)
    parts = (("worksheet", "sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))
    formats = "".join(f'<numFmt numFmtId="{163 + n}" formatCode="{code}"/>' for n, code in enumerate(_FORMATS, 1))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(_FORMATS)))
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types())
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(parts))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><fonts><font/></fonts>'
            "<fills><fill><patternFill/></fill></fills>"
            f'<borders><border/></borders><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        )
        with archive.open("xl/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:T{rows + 1}"/><sheetData>'.encode())
            for row in table.rows():
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w") as texts:
            texts.write(f'<sst xmlns="{_MAIN}" uniqueCount="{len(table.texts)}">'.encode())
            for text in table.texts:
                texts.write(f"<si><t>{text}</t></si>".encode())
            texts.write(b"</sst>")
    return path


class _Table:
    """The rows, and the texts that their cells share."""

    def __init__(self, rows: int, bad: float) -> None:
        self.texts: dict[str, int] = {}
        self._count = rows
        self._bad = bad
        self._choice = random.Random(rows)  # noqa: S311
        self._leads = [str(uuid.UUID(int=self._choice.getrandbits(128))) for _ in range(20_000)]

    def rows(self) -> Iterator[str]:
        """The markup of each row, the header's first."""
        yield _row(1, [self._shared(name) for name in _COLUMNS])
        for number in range(2, self._count + 2):
            yield _row(number, self._cells(number))

    def _cells(self, number: int) -> list[str]:
        """One for each column: all of its markup but the address."""
        choice = self._choice
        lead, code = choice.choice(self._leads), str(choice.randint(1, 9999))
        if choice.random() < self._bad:
            lead, code = (lead[:-1], code) if number % 2 else (lead, "12345")
        return [
            self._shared(f"SO-{number:06}"),
            self._shared(lead),
            _number(repr(self._day() + choice.randrange(1440) / 1440), _MOMENT),
            self._shared(f"Store {choice.randint(1, 500)}"),
            _number(code, _CODE),
            self._shared(choice.choice(("Pune", "Nagpur", "Köln", "मुंबई", "پونے"))),
            self._shared(f"Met the manager {choice.randint(1, 999_999)} times") if number % 3 else "",
            self._shared(f"user{choice.randint(1, 50)}@example.com"),
            self._shared(f"Campaign {choice.randint(1, 9)}"),
            _number(repr(choice.randint(100, 99_999_999) / 100), _MONEY),
            _number(str(choice.randint(1, 500))),
            _number(repr(choice.randint(0, 400) / 1000), _PERCENT),
            _number(repr(choice.randint(1, 900) * 0.1 + choice.randint(1, 90) * 0.01), _WEIGHT),
            _number(f"9198{choice.randint(10_000_000, 99_999_999)}"),
            f' t="b"><v>{choice.randint(0, 1)}</v>',
            f' t="inlineStr"><is><t>REF/{number:08}/{choice.randint(1, 99)}</t></is>',
            ' t="inlineStr"><is><t>Call back &amp; ask again</t></is>' if number % 4 == 0 else "",
            _number(str(self._day()), _SHORT_DATE) if number % 2 else f' s="{_SHORT_DATE}">',
            self._shared(choice.choice(("won", "lost", "open"))),
            _number(str(self._day()), _DATE),
        ]

    def _day(self) -> int:
        return _FIRST_DAY + self._choice.randrange(730)

    def _shared(self, text: str) -> str:
        return f' t="s"><v>{self.texts.setdefault(text, len(self.texts))}</v>'


def _number(digits: str, style: int = 0) -> str:
    return f' s="{style}"><v>{digits}</v>' if style else f"><v>{digits}</v>"


def _row(number: int, cells: list[str]) -> str:
    filled = [
        f'<c r="{letter}{number}"{cell}</c>' for letter, cell in zip("ABCDEFGHIJKLMNOPQRST", cells, strict=True) if cell
    ]
    return f'<row r="{number}" spans="1:{len(cells)}">{"".join(filled)}</row>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{found}</Relationships>'


def _types() -> str:
    spaces = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = (
        ("workbook", "sheet.main"),
        ("sheet1", "worksheet"),
        ("styles", "styles"),
        ("sharedStrings", "sharedStrings"),
    )
    found = "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{name}+xml"/>' for part, name in parts)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{spaces}">{rels}{found}</Types>'
