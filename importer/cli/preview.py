"""`lsq-import preview`: what would be posted for the first rows."""

from typing import Annotated

import typer

from importer.cli import options


def preview(
    source: options.OneSource,
    mapping: options.MappingFile,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many rows to show.")] = 3,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
) -> None:
    """Show the JSON that the first rows become.

    Each row is shown with the cells it comes from, and the exact body that would be posted. Nothing is sent, written
    or remembered. Where a cell of Excel stores something else than it shows, both are shown.

    \b
    Examples:
      lsq-import preview visits.csv -m visits.yaml
      lsq-import preview calls.xlsx -m calls.yaml -n 1
    """
    from importer.cli.rehearsing import preview_rows

    preview_rows(source, mapping, options.reading(sheet, encoding, delimiter, quote_char, header_row), count)
