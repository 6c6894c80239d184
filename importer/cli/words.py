"""What commands say before they begin."""

from collections.abc import Iterable, Iterator

from importer.preparing import PreparedSource
from importer.reporting.console import one_line


def introduction(sources: Iterable[PreparedSource]) -> Iterator[str]:
    """How each source is being read, and what of it is not used: a column left out by mistake shows here."""
    for prepared in sources:
        yield from prepared.source.notices
        used = prepared.bound.used_positions
        unused = [
            one_line(name) for at, name in enumerate(prepared.source.header.names) if at not in used and name.strip()
        ]
        if unused:
            yield f"{prepared.source.place.source}: columns that the mapping does not use: {', '.join(unused)}."
