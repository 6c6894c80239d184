"""The command `lsq-import`, also `python -m importer`."""

import sys


def main() -> None:
    """Runs the command line; ends the process with its exit code."""
    from importer.cli import app  # noqa: PLC0415  # after the interpreter has started, and only for a command
    from importer.cli.edge import at_the_edge  # noqa: PLC0415

    sys.exit(at_the_edge(app))


if __name__ == "__main__":
    main()
