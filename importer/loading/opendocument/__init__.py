"""OpenDocument spreadsheets (.ods), read in flat memory and without trusting the file."""

from importer.loading.opendocument.opening import open_opendocument_sheet
from importer.loading.opendocument.recognition import is_opendocument

__all__ = ["is_opendocument", "open_opendocument_sheet"]
