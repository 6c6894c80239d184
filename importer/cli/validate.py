"""`lsq-import validate`: everything before sending."""

import typer

from importer.cli import options


def validate(
    sources: options.Sources,
    mapping: options.MappingFile,
    out: options.Out = options.DEFAULT_OUT,
    limit: options.Limit = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    header_row: options.HeaderRow = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Check all rows without network, keys or ledger.

    Prints what is wrong, equal mistakes together, and writes issues.csv (every single one, with its cell), the to-fix
    files and summary.json.

    \b
    Examples:
      lsq-import validate visits.csv -m visits.yaml
      lsq-import validate january.xlsx february.xlsx -m calls.yaml --sheet Calls

    \b
    Exit codes: 0 all rows are good, 1 some are not, 2 could not start.
    """
    from importer.cli.rehearsing import validate_files

    reading = options.reading(sheet, encoding, delimiter, header_row)
    raise typer.Exit(validate_files(tuple(sources), mapping, reading, out, limit, as_json=as_json, quiet=quiet))
