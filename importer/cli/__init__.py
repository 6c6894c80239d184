"""The command line: a skin. Each command parses, builds, calls, and turns the result into an exit code.

Heavy libraries are imported by the commands that need them, so that `--help` answers at once.
"""

from typing import Annotated

import typer

from importer import __version__
from importer.cli import (
    activities,
    audit,
    doctor,
    explain,
    init,
    plan,
    preview,
    recheck,
    report,
    resume,
    retry,
    run,
    runs,
    sandbox,
    schema,
    validate,
)
from importer.cli.edge import say

app = typer.Typer(
    name="lsq-import",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _tell_version(wanted: bool) -> None:  # as typer calls it
    if wanted:
        say(f"lsq-import {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Posts the rows of spreadsheets (CSV, Excel) as activities into LeadSquared, and tells what became of each.

    A mapping file (YAML) says which column becomes what. Try it all without an account: add --sandbox.
    """


app.command(name="run")(run.run)
app.command(name="validate")(validate.validate)
app.command(name="preview")(preview.preview)
app.command(name="plan")(plan.plan)
app.command(name="init")(init.init)
app.command(name="schema")(schema.schema)
app.command(name="explain")(explain.explain)
app.command(name="resume")(resume.resume)
app.command(name="retry")(retry.retry)
app.command(name="recheck")(recheck.recheck)
app.command(name="audit")(audit.audit)
app.command(name="runs")(runs.runs)
app.command(name="report")(report.report)
app.command(name="activities")(activities.activities)
app.command(name="doctor")(doctor.doctor)
app.command(name="sandbox")(sandbox.sandbox)
