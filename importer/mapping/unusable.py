"""What an Excel cell can store that nobody can use, whatever the mapping makes of it."""

from typing import Final

import numpy as np

from importer.blocks import CellKind, Flags, Kinds
from importer.codes.rows import Code

CODES: Final[dict[CellKind, Code]] = {
    CellKind.ERROR: Code.EXCEL_ERROR,
    CellKind.FORMULA: Code.FORMULA_WITHOUT_VALUE,
    CellKind.LONG_NUMBER: Code.NUMBER_TOO_LONG,
    CellKind.NO_DAY: Code.DATE_IMPOSSIBLE,
    CellKind.UNSHOWN: Code.NUMBER_NOT_SHOWN,
}
"""What stands in a cell -> why it can't be used."""

KINDS: Final[dict[str, CellKind]] = {code: kind for kind, code in CODES.items()}


def are_unusable(kinds: Kinds) -> Flags:
    """Which cells store such a thing."""
    flags: Flags = np.isin(kinds, list(CODES))
    return flags
