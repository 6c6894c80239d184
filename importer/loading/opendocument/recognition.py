"""What an OpenDocument file is, and the package that it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from importer.errors.sources import SourceEncrypted
from importer.loading.excel.archive import Archive, opened_archive
from importer.loading.source import FrozenFile

CONTENT: Final = "content.xml"
STYLES: Final = "styles.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"


def is_opendocument(file: FrozenFile) -> bool:
    """Whether it says of itself that it is an OpenDocument spreadsheet: that stands unpacked in its first part."""
    head = file.head()
    at = head.find(b"mimetype")
    return head.startswith(b"PK") and 0 < at < 64 and head[at + 8 :].lstrip(b"\0").startswith(_SPREADSHEET)


@contextmanager
def opendocument_archive(file: FrozenFile) -> Iterator[Archive]:
    """The package, checked as that of a workbook is.

    :raises SourceEncrypted: it is protected by a password.
    :raises SourceError: it is damaged, or would unpack to more than any honest one.
    """
    with opened_archive(file) as archive:
        if "encrypted-package" in archive or (
            _MANIFEST in archive and b"encryption-data" in b"".join(archive.references(_MANIFEST))
        ):
            raise SourceEncrypted(file.label)
        yield archive
        file.head()  # refuses if somebody has written into it meanwhile
