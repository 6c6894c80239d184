"""What `preview` puts together: all of the way of a row but sending."""

import json
from pathlib import Path
from typing import Final

from importer.blocks import CellKind, column_letter
from importer.cli.edge import say, tell
from importer.cli.words import Words
from importer.loading import ReadingOptions
from importer.mapping.bound import BoundValue
from importer.mapping.parsing import read_mapping
from importer.preparing.chain import ActivityMappers, NumberedBlock, checked_blocks
from importer.preparing.sources import ImportOrder, prepare
from importer.reporting.console import one_line


def order_of(
    sources: tuple[str, ...], mapping: str, reading: ReadingOptions, limit: int | None, out: Path
) -> ImportOrder:
    """An order to read these sources by this mapping.

    :raises MappingUnreadable: there is no such mapping.
    """
    return ImportOrder(sources=sources, document=read_mapping(mapping), reading=reading, out=out, limit=limit)


# ---------------------------------------------------------------------------------------------- preview


def preview_rows(source: str, mapping: str, reading: ReadingOptions, count: int) -> None:
    """Shows the first rows and what would be posted for them."""
    order = order_of((source,), mapping, reading, count, Path())
    prepared = prepare(order)
    words = Words(prepared)
    words.tell()
    if prepared[0].bound.import_key is not None:
        tell("the import key shown here is an example; the real one is made with the secret of your ledger.")
    mappers = ActivityMappers(salt=bytes(32), scope=b"")
    for numbered in checked_blocks(prepared, order.limit):
        activities = mappers.activities(numbered)
        bodies = dict(zip(numbered.offsets(activities), (activity.body for activity in activities), strict=True))
        faults = dict(numbered.checked.faulty_rows())
        for offset in range(len(numbered.checked.block)):
            say(f"{one_line(source, 200)}, row {numbered.checked.block.rows[offset]}")
            for value in numbered.origin.bound.values():
                say(f"  {_origin_of(value, numbered, offset)}")
            for issue in faults.get(offset, ()):
                say(f"  not sent: {one_line(issue.message, 200)}")
            if offset in bodies:
                say(json.dumps(json.loads(bodies[offset]), ensure_ascii=False, indent=2))
            say()


_KINDS: Final = {
    CellKind.ERROR: "an Excel error",
    CellKind.FORMULA: "a formula that was never calculated",
    CellKind.LONG_NUMBER: "a number that has lost digits",
    CellKind.NO_DAY: "no day of the calendar",
    CellKind.UNSHOWN: "a number that its format can't show",
}
"""What else is to be said of a cell."""


def _origin_of(value: BoundValue, numbered: NumberedBlock, offset: int) -> str:
    if value.constant:
        return f"{value.address:<28} always the same"
    cells = []
    for position in value.consulted:
        cell = numbered.checked.block.columns[position].cell(offset)
        name = one_line(numbered.origin.bound.header.names[position])
        stored = f" (stored: {one_line(cell.stored)})" if cell.stored not in ("", cell.shown) else ""
        kind = f" ({_KINDS[cell.kind]})" if cell.kind in _KINDS else ""
        cells.append(f'{column_letter(position)} {name}: "{one_line(cell.shown)}"{kind}{stored}')
    return f"{value.address:<28} {'  '.join(cells)}"
