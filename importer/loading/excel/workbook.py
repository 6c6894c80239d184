"""What a workbook says of itself: its sheets, where their parts are, and from where it counts its days."""

from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Final

from importer.errors.sources import SheetMissing, SourceDamaged, SourceTooLarge
from importer.loading.excel.archive import Archive
from importer.loading.excel.limits import ENTRIES, NAMED
from importer.loading.excel.markup import SPREADSHEET, Attributes, Listener, parse_whole
from importer.loading.excel.serials import Epoch

_RELATION_IDS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_TRUE: Final = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A part, or something outside, that a part refers to."""

    kind: str
    """The last word of its type: worksheet, chartsheet, styles, sharedStrings."""
    target: str
    """The part's name in the package."""
    outside: bool
    """It is no part of the package."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with cells."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook's own description."""

    sheets: tuple[Sheet, ...]
    """In the order of the tabs, hidden ones included, chart sheets left out."""
    epoch: Epoch
    recalculated: bool
    """The program that wrote it leaves the calculating to Excel: the values of formulas may never have been true."""
    styles: str | None
    shared_strings: str | None
    """Names of parts."""

    def sheet(self, label: str, wanted: str | None) -> Sheet:
        """The sheet of that name, else of that number from 1; by default the first one that can be seen.

        :raises SheetMissing: there is none.
        """
        if wanted is None:
            return next((sheet for sheet in self.sheets if not sheet.hidden), self.sheets[0])
        for sheet in self.sheets:
            if sheet.name == wanted:
                return sheet
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 and 0 < int(wanted) <= len(self.sheets):
            return self.sheets[int(wanted) - 1]
        raise SheetMissing(label, wanted, [sheet.name for sheet in self.sheets])


def read_workbook(archive: Archive) -> Workbook:
    """Reads the description of a workbook.

    :raises SourceDamaged: it contradicts itself, has no sheet with cells, or refers to one outside of the file.
    """
    part = _main_part(archive)
    relations = _relations(archive, part)
    reading = _Description(archive.label, part, relations)
    parse_whole(archive.description(part), reading)
    if not reading.sheets:
        raise SourceDamaged(archive.label, "it has no sheet with cells")
    by_kind = {relation.kind: relation for relation in relations.values()}
    return Workbook(
        sheets=tuple(reading.sheets),
        epoch=reading.epoch,
        recalculated=reading.recalculated,
        styles=_inside(archive.label, by_kind.get("styles")),
        shared_strings=_inside(archive.label, by_kind.get("sharedStrings")),
    )


class _Description(Listener):
    """The description as far as it has been read."""

    def __init__(self, label: str, part: str, relations: dict[str, Relation]) -> None:
        super().__init__(label, part)
        self.relations = relations
        self.sheets: list[Sheet] = []
        self.epoch = Epoch.EARLY_1900
        self.recalculated = False

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        space, _, element = name.rpartition(" ")
        if space not in SPREADSHEET:
            return
        if element == "sheet":
            self._sheet(attributes)
        elif element == "workbookPr" and attributes.get("date1904", "").lower() in _TRUE:
            self.epoch = Epoch.LATE_1904
        elif element == "calcPr":
            self.recalculated = attributes.get("fullCalcOnLoad", "").lower() in _TRUE

    def _sheet(self, attributes: Attributes) -> None:
        name = attributes.get("name", "")
        relation = next((self.relations.get(attributes[key]) for key in _RELATION_IDS if key in attributes), None)
        if relation is None:
            raise SourceDamaged(self.label, f'its list of sheets names "{name[:NAMED]}", but there is no such part')
        if relation.kind == "worksheet":
            part = _inside(self.label, relation) or ""
            if len(self.sheets) == ENTRIES:
                raise SourceTooLarge(self.label, f"it has more than {ENTRIES:,} sheets", f"{ENTRIES:,} sheets")
            self.sheets.append(Sheet(name, part, hidden=attributes.get("state", "visible") != "visible"))


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive:
        for relation in _relations(archive, "").values():
            if relation.kind == "officeDocument":
                return _inside(archive.label, relation) or ""
    return "xl/workbook.xml"


def _relations(archive: Archive, part: str) -> dict[str, Relation]:
    """What a part refers to, by the ids it uses for that."""
    folder = dirname(part)
    listing = join(folder, "_rels", part[len(folder) :].lstrip("/") + ".rels")
    reading = _Relations(archive.label, listing, folder)
    parse_whole(archive.references(listing), reading)
    return reading.found


class _Relations(Listener):
    """The references of a part as far as they have been read."""

    def __init__(self, label: str, part: str, folder: str) -> None:
        super().__init__(label, part)
        self.folder = folder
        self.found: dict[str, Relation] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if name == _RELATION:
            target = attributes.get("Target", "").replace("\\", "/")
            resolved = normpath(target.lstrip("/") if target.startswith("/") else join(self.folder, target))
            outside = attributes.get("TargetMode") == "External" or resolved.startswith("..") or "://" in target
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = Relation(kind, resolved, outside)


def _inside(label: str, relation: Relation | None) -> str | None:
    if relation is not None and relation.outside:
        raise SourceDamaged(label, "it refers to a part of itself that is outside of the file")
    return relation.target if relation else None
