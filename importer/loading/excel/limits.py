"""What a workbook may ask of the machine. Each limit is far above what Excel writes and below what hurts."""

from typing import Final

MEBIBYTE: Final = 1 << 20

ENTRIES: Final = 5_000
"""Parts of the package: sheets, pictures, comments."""

INFLATED: Final = 4096 * MEBIBYTE
"""Bytes of all parts together; a sheet of a million rows and 60 columns has about half of it."""

RATIO: Final = 200
"""How many times larger than packed a part may be. Sheets reach 30, a bomb 1,000."""

RATIO_MATTERS_FROM: Final = 32 * MEBIBYTE
"""Bytes; a smaller part can't hurt, however well it is packed."""

DESCRIPTION: Final = 32 * MEBIBYTE
"""Bytes of a part that describes the workbook: its list of sheets, its styles."""

REFERENCES: Final = 4 * MEBIBYTE
"""Bytes of a list of what a part refers to."""

STYLES: Final = 100_000
"""Styles of cells; Excel itself stops at 65,490."""

SHARED_TEXTS: Final = 192 * MEBIBYTE
"""Bytes of all shared texts together, as they are kept in memory."""

TAG: Final = 4 * MEBIBYTE
"""Bytes of a single tag with its attributes."""

TEXT: Final = 32 * MEBIBYTE
"""Characters of a single text; Excel itself stops at 32,767."""

DEPTH: Final = 256
"""Elements within elements."""

NAMES: Final = 2_000
"""Different names of elements and attributes in one part."""

ROW: Final = 64 * MEBIBYTE
"""Bytes of the markup of a single row."""

SHOWN: Final = 1024 * MEBIBYTE
"""Characters of all cells of a sheet together; a text that is used often counts each time."""

SHOWN_ANYWAY: Final = 32 * MEBIBYTE
"""Characters that the cells of a sheet may show, however small its file is."""

REPEATED: Final = 50
"""Characters that they may show for each byte of the file. Honest sheets reach 10, one long text that is used in every
row 10,000. It is the packed file that counts: markup can be padded."""

ROWS: Final = 1_048_576
COLUMNS: Final = 16_384

WIDEST: Final = 255.0
"""Characters that a column is wide at most."""

AREA: Final = 50_000_000
"""Cells of the rectangle that the used cells span, if hardly any of them is used."""

SPARSE: Final = 1_000
"""One used cell in so many is hardly any."""

FORMAT: Final = 1_024
"""Characters of a number format; Excel itself stops at 255."""

NAMED: Final = 100
"""Characters of a name, made by whoever made the file, in a message."""

CELLS_PER_BLOCK: Final = 125_000
CHARACTERS_PER_BLOCK: Final = 16 * MEBIBYTE
"""A block ends early when it has as many, so that wide sheets and long texts need no more memory than others."""
