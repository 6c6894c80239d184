"""The number formats of a workbook, by the style numbers that its cells carry."""

from importer.errors.sources import SourceDamaged, SourceTooLarge
from importer.loading.excel.archive import Archive
from importer.loading.excel.builtin_formats import builtin_format
from importer.loading.excel.limits import FORMAT, STYLES
from importer.loading.excel.markup import SPREADSHEET, Attributes, Listener, parse_whole
from importer.loading.excel.number_formats import GENERAL


def read_formats(archive: Archive, part: str | None) -> tuple[str, ...]:
    """The number format of each style; cells without a style have the first one.

    :raises SourceDamaged: the styles can't be read, or a format is longer than Excel allows.
    """
    if part is None:
        return (GENERAL,)
    reading = _Styles(archive.label, part)
    parse_whole(archive.description(part), reading)
    return tuple(reading.codes.get(number) or builtin_format(number) for number in reading.styles) or (GENERAL,)


class _Styles(Listener):
    """The styles as far as they have been read."""

    def __init__(self, label: str, part: str) -> None:
        super().__init__(label, part)
        self.codes: dict[int, str] = {}
        self.styles: list[int] = []
        self._in_styles = False

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        space, _, element = name.rpartition(" ")
        if space not in SPREADSHEET:
            return
        if element == "numFmt":
            self._format(attributes)
        elif element == "cellXfs":
            self._in_styles = True
        elif element == "xf" and self._in_styles:
            if len(self.styles) == STYLES:
                raise SourceTooLarge(self.label, f"it has more than {STYLES:,} styles", f"{STYLES:,} styles")
            self.styles.append(self._number(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        super().end(name)
        if name.endswith(" cellXfs"):
            self._in_styles = False

    def _format(self, attributes: Attributes) -> None:
        code = attributes.get("formatCode", "")
        if len(code) > FORMAT:
            raise SourceDamaged(self.label, f"it has a number format of {len(code):,} characters; Excel allows 255")
        self.codes[self._number(attributes.get("numFmtId", ""))] = code

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise SourceDamaged(self.label, f'its styles have a number format "{text[:20]}"')
        return int(text)
