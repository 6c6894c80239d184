"""Packages whose bytes depend on nothing but their parts: not packed, for no two versions of zlib do it alike."""

import io
from collections.abc import Mapping
from zipfile import ZIP_STORED, ZipFile, ZipInfo

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
VOCABULARIES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "draw": "drawing",
    }.items()
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            part = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.external_attr, part.create_system = 0o600 << 16, 3
            archive.writestr(part, content)
    return target.getvalue()


def opendocument(tables: str, styles: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument spreadsheet with these tables and styles in markup."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {VOCABULARIES} {CALC}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": SPREADSHEET, "content.xml": content, **(more or {})})


def table(*rows: str, name: str = "Sheet1", attributes: str = "", columns: str = "") -> str:
    """A table in markup."""
    return f'<table:table table:name="{name}" {attributes}>{columns}{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    """A row in markup."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def text(shown: str, attributes: str = "") -> str:
    """A cell with a text; `shown` is markup."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{shown}</text:p></table:table-cell>'


def number(value: str, shown: str, attributes: str = "", kind: str = "float") -> str:
    """A cell with a number."""
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {attributes}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def moment(value: str, shown: str, attributes: str = "") -> str:
    """A cell with a date or a time."""
    kind = "time" if value.startswith(("P", "-P")) else "date"
    return (
        f'<table:table-cell office:value-type="{kind}" office:{kind}-value="{value}" {attributes}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )
