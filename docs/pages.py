"""Writes docs/codes.md, docs/commands.md and docs/faults.md from the program itself: python docs/pages.py"""

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from importer.cli import app
from importer.codes.errors import ERRORS
from importer.codes.rows import EXPLANATIONS, Explanation
from importer.codes.server_types import SERVER_TYPES
from importer.sandbox.faults.catalogue import SECTIONS
from importer.sandbox.faults.commits import WORDS
from importer.sandbox.faults.fault import Entry
from importer.sandbox.faults.targets import word_for
from importer.sandbox.kinds import WRITING

HERE = Path(__file__).parent


def conformance() -> str:
    """What is relied on in the API, as the tests name it."""
    sys.path.insert(0, str(HERE.parent))
    from tests.conformance.table import page  # noqa: PLC0415  # the tests are found from here on

    return page()


def codes() -> str:
    """All codes with what they mean and what to do."""
    return "\n".join(_codes()) + "\n"


def _codes() -> Iterator[str]:
    yield "# Codes"
    yield ""
    yield "`lsq-import explain CODE` prints the same. This page is made from the program by `python docs/pages.py`."
    parts = ("Of rows", EXPLANATIONS), ("Of errors that stop a command", ERRORS), ("Of LeadSquared", SERVER_TYPES)
    for title, known in parts:
        yield ""
        yield f"## {title}"
        for code, explanation in known.items():
            yield ""
            yield from _code(code, explanation)


def _code(code: str, explanation: Explanation) -> Iterator[str]:
    yield f"### `{code}`"
    yield ""
    meaning = explanation.meaning
    yield f"{meaning[0].upper()}{meaning[1:]}. {explanation.remedy}"


def commands() -> str:
    """The help of every command."""
    return "\n".join(_commands()) + "\n"


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "What `--help` prints. This page is made from the program by `python docs/pages.py`."
    runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    names = [command.name for command in app.registered_commands if command.name]
    for arguments in ([], *([name] for name in names)):
        title = " ".join(["lsq-import", *arguments])
        result = runner.invoke(app, [*arguments, "--help"], prog_name="lsq-import")
        yield ""
        yield f"## {title}"
        yield ""
        yield "```text"
        yield from (line.rstrip() for line in result.output.rstrip().splitlines())
        yield "```"


def faults() -> str:
    """The faults of the sandbox."""
    return "\n".join(_faults()) + "\n"


def _faults() -> Iterator[str]:
    yield "# Faults of the sandbox"
    yield ""
    yield "How to order them is told in [sandbox.md](sandbox.md). This page is made from the program by"
    yield "`python docs/pages.py`."
    yield ""
    yield "*On* is what a rule counts if it doesn't say `calls`. *Rows* tells when rows are stored if it doesn't say"
    yield "`commit`; it can say any moment, unless others are named. Options stand with their defaults."
    for title, entries in SECTIONS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield "| fault | what happens | on | rows | options |"
        yield "|---|---|---|---|---|"
        yield from map(_fault, entries)


def _fault(entry: Entry) -> str:
    model = entry.model
    options = {name: field.default for name, field in model.model_fields.items() if name != "name"}
    told = ", ".join(
        f"`{name}`" if default is None else f"`{name}={_plain(default)}`" for name, default in options.items()
    )
    cells = [f"`{entry.name}`", entry.summary, word_for(model.falls_on), _rows(entry), told]
    return f"| {' | '.join(cells)} |"


def _rows(entry: Entry) -> str:
    model = entry.model
    if not model.falls_on & WRITING:
        return ""
    others = sorted(model.commits - {model.usual_commit})
    if not others:
        return f"{model.usual_commit}, always"
    return model.usual_commit if model.commits == WORDS else f"{model.usual_commit}, or {', '.join(others)}"


def _plain(value: object) -> str:
    if isinstance(value, str) and " " in value:
        return f"'{value}'"
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    """Writes all pages."""
    (HERE / "codes.md").write_text(codes(), encoding="utf-8")
    (HERE / "conformance.md").write_text(conformance(), encoding="utf-8")
    (HERE / "commands.md").write_text(commands(), encoding="utf-8")
    (HERE / "faults.md").write_text(faults(), encoding="utf-8")


if __name__ == "__main__":
    main()
