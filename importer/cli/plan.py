"""`lsq-import plan`: what an import costs."""

from typing import Annotated

import typer

from importer.cli import options


def plan(
    sources: options.Sources,
    mapping: options.MappingFile,
    limit: options.Limit = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    header_row: options.HeaderRow = None,
    profile: options.Profile = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="N/SECONDSs", help="Single calls allowed, for example 25/5s.")
    ] = None,
    bulk_rate: Annotated[
        str | None, typer.Option("--bulk-rate", metavar="N/SECONDSs", help="Bulk calls allowed, for example 5/5s.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The plan as JSON on standard output.")] = False,
) -> None:
    """Count the calls and the time of an import.

    All rows are read and checked; only good ones cost a call. Nothing is sent.

    \b
    Examples:
      lsq-import plan visits.csv -m visits.yaml
      lsq-import plan visits.csv -m visits.yaml --bulk-rate 1/5s
    """
    from importer.cli.rehearsing import plan_calls

    reading = options.reading(sheet, encoding, delimiter, header_row)
    given = {"profile": profile, "rate": rate, "bulk_rate": bulk_rate}
    plan_calls(tuple(sources), mapping, reading, limit, given, as_json=as_json)
