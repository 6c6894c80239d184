"""The command `lsq-import`, also `python -m importer`."""

import gc
import os
import sys


def main() -> None:
    """Runs the command line; ends the process with its exit code."""
    # NumPy's threads for algebra, which nobody needs here, would wait by going round in circles: a tenth of the time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is made for a row is freed as soon as it is let go; looking for cycles among it so often costs a tenth.
    gc.set_threshold(200_000, 20, 100)
    from importer.cli import app  # noqa: PLC0415  # after the interpreter has started, and only for a command
    from importer.cli.edge import at_the_edge  # noqa: PLC0415

    sys.exit(at_the_edge(app))


if __name__ == "__main__":
    main()
