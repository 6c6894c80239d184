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
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
    profile: options.Profile = None,
    state: options.State = None,
    rate: options.Rate = None,
    bulk_rate: options.BulkRate = None,
    budget: options.Budget = None,
    as_json: Annotated[bool, typer.Option("--json", help="The plan as JSON on standard output.")] = False,
) -> None:
    """Count the calls and the time of an import, and its part of the day's quota.

    All rows are read and checked; only good ones cost a call. Nothing is sent. What earlier runs have learned of the
    account is made use of. Where a road makes leads, the account is asked which addresses are new, up to 100 of them.

    \b
    Examples:
      lsq-import plan visits.csv -m visits.yaml
      lsq-import plan visits.csv -m visits.yaml --bulk-rate 1/5s
    """
    from importer.cli.planning import plan_calls

    reading = options.reading(sheet, encoding, delimiter, quote_char, header_row)
    given = {"state": state, "profile": profile, "rate": rate, "bulk_rate": bulk_rate, "budget": budget}
    plan_calls(tuple(sources), mapping, reading, limit, given, as_json=as_json)
