"""Writes docs/codes.md and docs/commands.md from the program itself: python docs/pages.py"""

from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from importer.cli import app
from importer.codes import ERRORS, EXPLANATIONS, Explanation

HERE = Path(__file__).parent


def codes() -> str:
    """All codes with what they mean and what to do."""
    return "\n".join(_codes()) + "\n"


def _codes() -> Iterator[str]:
    yield "# Codes"
    yield ""
    yield "`lsq-import explain CODE` prints the same. This page is made from the program by `python docs/pages.py`."
    for title, known in (("Of rows", EXPLANATIONS), ("Of errors that stop a command", ERRORS)):
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


def main() -> None:
    """Writes both pages."""
    (HERE / "codes.md").write_text(codes(), encoding="utf-8")
    (HERE / "commands.md").write_text(commands(), encoding="utf-8")


if __name__ == "__main__":
    main()
