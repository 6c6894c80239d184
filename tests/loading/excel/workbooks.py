"""Workbooks for tests: written sign by sign, so that a test can say exactly what the markup holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from importer.blocks import Block, CellKind
from importer.loading.excel import ExcelSource, open_sheet
from importer.loading.source import FrozenFile, ReadingOptions

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

SheetEntry = tuple[str, str, str]
"""Name, state (`visible`, `hidden`, `veryHidden`) and kind (`worksheet`, `chartsheet`)."""


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook in markup. Cells have style 0, General, or style n for the n-th of `formats`."""

    rows: str = ""
    """What stands in sheetData of every sheet."""
    before: str = ""
    after: str = ""
    """What stands before and after sheetData."""
    shared: Sequence[str] = ()
    """The markup within each `si`."""
    formats: Sequence[str] = ()
    sheets: Sequence[SheetEntry] = (("Sheet1", "visible", "worksheet"),)
    settings: str = ""
    """What stands in the workbook before its sheets: workbookPr, calcPr."""
    parts: Mapping[str, str | bytes | None] = field(default_factory=dict)
    """Parts put in place of those that follow from the rest; None leaves one out."""

    def markup(self) -> dict[str, str | bytes]:
        """All parts by name."""
        sheet = f'<worksheet xmlns="{MAIN}">{self.before}<sheetData>{self.rows}</sheetData>{self.after}</worksheet>'
        parts: dict[str, str | bytes | None] = {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": self._workbook(),
            "xl/_rels/workbook.xml.rels": _relations(
                [
                    *((kind, f"{kind}s/sheet{n}.xml") for n, (_, _, kind) in enumerate(self.sheets, 1)),
                    ("styles", "styles.xml"),
                    ("sharedStrings", "sharedStrings.xml"),
                ]
            ),
            "xl/styles.xml": self._styles(),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in self.shared)}</sst>',
            **{f"xl/{kind}s/sheet{n}.xml": sheet for n, (_, _, kind) in enumerate(self.sheets, 1)},
            **self.parts,
        }
        return {name: content for name, content in parts.items() if content is not None}

    def write(self, folder: Path, name: str = "book.xlsx") -> Path:
        """Writes the workbook."""
        path = folder / name
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for part, content in self.markup().items():
                archive.writestr(part, content)
        return path

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" r:id="rId{n}"/>'
            for n, (name, state, _) in enumerate(self.sheets, 1)
        )
        return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{self.settings}<sheets>{sheets}</sheets></workbook>'

    def _styles(self) -> str:
        codes = "".join(
            f'<numFmt numFmtId="{163 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(self.formats, 1)
        )
        styles = "".join(f'<xf numFmtId="{163 + n}"/>' for n in range(1, len(self.formats) + 1))
        return (
            f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
        )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def row(*cells: str, attributes: str = "") -> str:
    """The markup of a row."""
    return f"<row {attributes}>{''.join(cells)}</row>"


def text(value: str, attributes: str = "") -> str:
    """The markup of a cell with a text."""
    return f'<c t="inlineStr" {attributes}><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def value(content: str, attributes: str = "") -> str:
    """The markup of a cell with a value, a number unless the attributes say otherwise."""
    return f"<c {attributes}><v>{escape(content)}</v></c>"


def frozen(path: Path) -> FrozenFile:
    """A file as the loading stage hands it to its readers."""
    content = path.read_bytes()
    return FrozenFile(path.name, path, sha256(content).hexdigest(), len(content))


def opened(path: Path, sheet: str | None = None, header_row: int | None = None) -> ExcelSource:
    """A workbook opened as a source."""
    return open_sheet(frozen(path), ReadingOptions(sheet=sheet, header_row=header_row))


def table(source: ExcelSource) -> dict[int, list[str]]:
    """What is shown in each row, by row number."""
    shown: dict[int, list[str]] = {}
    for block in source.blocks():
        columns = [column.shown.to_pylist() for column in block.columns]
        shown.update(
            (int(number), list(cells)) for number, cells in zip(block.rows, zip(*columns, strict=True), strict=True)
        )
    return shown


@dataclass(frozen=True)
class Found:
    """One cell as it was read."""

    shown: str
    kind: CellKind
    stored: str
    format: str


def cell(block: Block, offset: int, position: int) -> Found:
    """One cell of a block."""
    column = block.columns[position]
    assert column.stored is not None
    return Found(
        column.shown[offset].as_py(),
        CellKind(column.stored.kinds[offset]),
        column.stored.stored[offset].as_py(),
        column.stored.formats[offset].as_py(),
    )


def first_cell(folder: Path, markup: str, book: RawWorkbook | None = None) -> Found:
    """How the one cell below a header is read; `book` says what else there is in the workbook."""
    book = book or RawWorkbook()
    rows = row(text("Name"), text("Other")) + row(markup)
    path = RawWorkbook(rows, shared=book.shared, formats=book.formats, settings=book.settings).write(folder)
    return cell(next(opened(path).blocks()), 0, 0)
