"""Who may import whom: the way of a row shows in the imports, and each outside thing has one owner."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "importer"

BASE = {
    "__version__",
    "blocks",
    "records",
    "passages",
    "in_doubt",
    "errors",
    "codes",
    "fingerprints",
    "given_paths",
    "text_files",
}
"""What everybody may know: values that travel, errors, names."""

ALLOWED = {
    "loading": set(),
    "leadsquared": {"settings"},
    "mapping": {"leadsquared.routes", "leadsquared.shapes"},
    "validation": {"mapping"},
    "comparing": {"mapping", "leadsquared.account", "leadsquared.shapes"},
    "checkup": {"settings", "mapping", "comparing", "leadsquared", "ledger.ledger", "ledger.place"},
    "ledger": set(),
    "sending": {"leadsquared", "settings"},
    "reporting": set(),
    "settings": set(),
    "sandbox": None,
    "drafting": {"loading", "mapping"},
    "preparing": {"loading", "mapping", "validation", "leadsquared.posting"},
    "recognition": {"preparing", "mapping"},
    "made_otherwise": {"preparing", "mapping", "ledger"},
    "closing": {"ledger", "reporting", "sending"},
    "pipeline": {
        "preparing",
        "recognition",
        "made_otherwise",
        "closing",
        "leadsquared.posting",
        "ledger",
        "reporting",
        "sending",
    },
    "aftercare": {"closing", "ledger", "sending"},
    "rehearsal": {"preparing", "leadsquared.posting", "ledger.entries", "reporting", "sending.chunker"},
}
"""What each part may import of ours besides the base; None: nothing at all, not even the base."""

OWNERS = {
    "requests": {"leadsquared"},
    "urllib3": {"leadsquared"},
    "sqlalchemy": {"ledger"},
    "filelock": {"ledger"},
    "pandera": {"validation"},
    "openpyxl": {"loading", "reporting"},
    "xlrd": {"loading"},
    "tqdm": {"reporting"},
    "ruamel": {"mapping", "sandbox"},
    "pydantic": {"mapping", "sandbox", "comparing"},
    "typer": {"cli"},
    "fastapi": {"sandbox"},
    "uvicorn": {"sandbox"},
    "starlette": {"sandbox"},
    "platformdirs": {"settings"},
}
"""Libraries of the outside, and the parts that may know them."""


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the package, by its name below `importer`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"), path


def imports_of(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, parts: set[str]) -> bool:
    """Whether a module is one of the parts, or inside one."""
    return any(name == part or name.startswith(part + ".") for part in parts)


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=[name or "importer" for name, _ in modules()])
def test_imports_point_one_way(name: str, path: Path) -> None:
    """A part imports the base, itself, and the parts that the way of a row allows it to know."""
    part = name.split(".", maxsplit=1)[0]
    if part in BASE:
        allowed = BASE
    elif part in ALLOWED:
        own = ALLOWED[part]
        allowed = {part} if own is None else {part, *own, *BASE}
    else:
        assert part in ("", "importer", "__main__", "__init__", "cli"), f"{part} is new: say what it may import"
        return
    for imported in imports_of(path):
        ours = imported.removeprefix("importer.")
        if ours != imported:
            # `from importer.a import b` is seen as importer.a and importer.a.b; a package alone says nothing.
            parents = any(one.startswith(ours + ".") for one in allowed)
            assert within(ours, allowed) or parents, f"{name} imports {imported}"


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=[name or "importer" for name, _ in modules()])
def test_each_outside_library_has_one_owner(name: str, path: Path) -> None:
    """A library is imported by the part that owns it, and by no other."""
    part = name.split(".", maxsplit=1)[0]
    for imported in imports_of(path):
        owners = OWNERS.get(imported.split(".")[0])
        assert owners is None or part in owners, f"{name} imports {imported}"


@pytest.mark.parametrize("name", ["fcntl", "resource", "pwd", "grp", "termios", "posix"])
def test_nothing_that_only_unix_has_is_imported_at_module_level(name: str) -> None:
    """The program can be imported on Windows."""
    for _, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            module = [node.module] if isinstance(node, ast.ImportFrom) else []
            assert name not in [*names, *module], path
