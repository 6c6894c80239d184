"""The text of a mapping file, whatever program has saved it, or what the file is instead."""

import re
from pathlib import Path
from typing import Final

from importer.errors.mappings import MappingIsSource, MappingMissing, MappingUndecodable, MappingUnreadable
from importer.text_files.encoding_names import BYTE_ORDER_MARKS

_WORKBOOKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ENDINGS: Final = (".yaml", ".yml")
_VERSION: Final = re.compile(r"""^[\s{]*["']?version\b""", re.MULTILINE)
_YAML: Final = re.compile(r"""\s*([{[#%-]|["']?[\w.-]+["']?\s*:(\s|$))""")
"""How a line begins that is rather one of a mapping: a remark, a list, a key."""

_LINES_LOOKED_AT: Final = 5


def mapping_text(path: str) -> str:
    """Reads the text of a mapping file: UTF-8, or what its byte-order mark says.

    :raises MappingUnreadable: it is not there, no text, or the spreadsheet.
    """
    try:
        content = Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise MappingMissing(path, _mappings_beside(Path(path))) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise MappingUnreadable(path, getattr(error, "strerror", None) or type(error).__name__) from None
    if content.startswith(_WORKBOOKS):
        raise MappingIsSource(path, "an Excel workbook or another spreadsheet")
    text = _decoded(path, content)
    if _is_table(text):
        raise MappingIsSource(path, "a CSV file")
    return text


def _mappings_beside(path: Path) -> list[str]:
    try:
        return sorted(str(path.with_name(entry.name)) for entry in path.parent.iterdir() if entry.suffix in _ENDINGS)
    except (OSError, ValueError):
        return []


def _decoded(path: str, content: bytes) -> str:
    mark, encoding = next((each for each in BYTE_ORDER_MARKS if content.startswith(each[0])), (b"", "utf-8"))
    if not mark and b"\0" in content[:2]:  # ASCII letters in UTF-16 are UTF-8 full of NULs
        raise MappingUndecodable(path, 1, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        good = content[len(mark) :][: error.start].decode(encoding, "replace")
        probably = "cp1252, as Windows calls ANSI" if not mark and _is_cp1252(content) else None
        raise MappingUndecodable(path, good.count("\n") + 1, probably) from None


def _is_cp1252(content: bytes) -> bool:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _is_table(text: str) -> bool:
    """Whether this is rather a CSV file: no key begins it, and all lines have as many delimiters as the first."""
    lines = [line for line in text.splitlines() if line.strip()][:_LINES_LOOKED_AT]
    if _VERSION.search(text) or not lines or _YAML.match(lines[0]):
        return False
    return any(
        lines[0].count(delimiter) and all(line.count(delimiter) >= lines[0].count(delimiter) for line in lines)
        for delimiter in (",", ";", "\t", "|")
    )
