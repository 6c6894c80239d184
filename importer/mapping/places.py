"""Where in a mapping file values stand and columns are named; works on files with faults, too."""

from collections.abc import Iterator
from typing import Final

from importer.leadsquared.routes import ROUTES, Route, RouteName
from importer.leadsquared.shapes import Slot
from importer.mapping.templates import columns_named_in
from importer.mapping.yaml_tree import Path, Plain

SLOTS: Final[dict[Path, Slot]] = {tuple(slot.split(".")): slot for slot in Slot}


OTHERWISE: Final[Path] = ("lead", "otherwise")
"""Where the second way to a lead stands."""


def slot_at(path: Path) -> Slot | None:
    """The slot that is filled from this place; the second way has the same ones as the first."""
    return SLOTS.get(first_way(path))


def first_way(path: Path) -> Path:
    """The place in the first way that does what this one does in the second."""
    return ("lead", *path[2:]) if path[:2] == OTHERWISE else path


def lead_found_by(plain: Plain, *, otherwise: bool = False) -> tuple[Route | None, str | None]:
    """The route, if there is one of that name, and the field that a lead is searched by."""
    lead = plain.get("lead") if isinstance(plain, dict) else None
    if otherwise:
        lead = lead.get("otherwise") if isinstance(lead, dict) else None
    if not isinstance(lead, dict):
        return None, None
    route, search_by = lead.get("route") or RouteName.BULK_BY_LEAD_ID, lead.get("search_by")
    known = ROUTES[RouteName(route)] if isinstance(route, str) and route in set(RouteName) else None
    return known, search_by if isinstance(search_by, str) else None


def named_columns(plain: Plain) -> Iterator[tuple[Path, str]]:
    """Where a mapping names a column, and which; works on files with faults too."""
    for path, value in values_in(plain):
        yield from _in_value(value, path)
    if not isinstance(plain, dict):
        return
    yield from _in_conditions(plain.get("when"), ("when",))
    yield from _in_list(_under(plain.get("duplicates"), "key"), ("duplicates", "key"))
    rules = plain.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        for key in ("unique", "any_of", "one_of"):
            yield from _in_list(_under(rule, key), ("rules", index, key))


def _under(plain: Plain, key: str) -> Plain:
    return plain.get(key) if isinstance(plain, dict) else None


def _in_list(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    for index, name in enumerate(plain if isinstance(plain, list) else ()):
        if isinstance(name, str) and name:
            yield (*path, index), name


def _in_conditions(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(plain, list):
        for index, condition in enumerate(plain):
            yield from _in_conditions(condition, (*path, index))
    else:
        yield from _in_column(plain, path)


def _in_column(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    column = _under(plain, "column")
    if isinstance(column, str) and column:
        yield (*path, "column"), column


def values_in(plain: Plain) -> Iterator[tuple[Path, Plain]]:
    """What stands where a value belongs, and where."""
    if not isinstance(plain, dict):
        return
    for path in SLOTS:
        section, key = path
        table = plain.get(str(section))
        if isinstance(table, dict) and key in table:
            yield path, table[str(key)]
    lead = plain.get("lead")
    if isinstance(lead, dict):
        yield from _entries_in(lead.get("attributes"), ("lead", "attributes"))
        yield from _second_way(lead.get("otherwise"))
    yield from _entries_in(plain.get("fields"), ("fields",))


def _second_way(plain: Plain) -> Iterator[tuple[Path, Plain]]:
    if not isinstance(plain, dict):
        return
    for section, key in SLOTS:
        if section == "lead" and key in plain:
            yield (*OTHERWISE, key), plain[str(key)]
    yield from _entries_in(plain.get("attributes"), (*OTHERWISE, "attributes"))


def _entries_in(plain: Plain, path: Path) -> Iterator[tuple[Path, Plain]]:
    if isinstance(plain, dict):
        for name, entry in plain.items():
            if isinstance(entry, dict) and "fields" in entry:
                yield from _entries_in(entry["fields"], (*path, name, "fields"))
            else:
                yield (*path, name), entry


def _in_value(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(plain, str) and plain:
        yield path, plain
    elif isinstance(plain, dict):
        yield from _in_column(plain, path)
        yield from _in_list(plain.get("columns"), (*path, "columns"))
        yield from _in_conditions(plain.get("when"), (*path, "when"))
        yield from _in_column(plain.get("timezone"), (*path, "timezone"))
        template = plain.get("template")
        if isinstance(template, str):
            yield from (((*path, "template"), name) for name in columns_named_in(template))
