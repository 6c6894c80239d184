"""What commands say about their sources, before they begin and when all is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from importer.cli.edge import tell
from importer.preparing.sources import PreparedSource
from importer.reporting.console import one_line
from importer.reporting.summary import Summary

NAMED: Final = 10
"""So many columns are named, the rest is counted."""


@dataclass(slots=True)
class Words:
    """Tells how sources are being read, each thing once."""

    sources: Iterable[PreparedSource]
    quiet: bool = False
    limit: int | None = None
    """How many rows are to be read; None for all."""
    _told: set[str] = field(default_factory=set)

    def tell(self) -> None:
        """Tells what is known and was not told before: some things show only when the last row is read."""
        for line in self._lines():
            if line not in self._told and not self.quiet:
                self._told.add(line)
                tell(line)

    def tell_of_the_empty(self, summary: Summary) -> None:
        """Tells, if nobody has done so yet, that a source has no row: with -q, nobody would notice for weeks."""
        if not self.quiet or self.limit is not None or summary.exit_code:
            return
        for source in summary.sources:
            if not source.rows:
                tell(
                    f"{one_line(source.path, 200)}: no row was read from it. If that is not meant, look at what "
                    "exports it; then run the same command again."
                )

    def _lines(self) -> Iterator[str]:
        for prepared in self.sources:
            yield from prepared.source.notices
            if "activity.validate_dropdown_options" in prepared.bound.options:
                yield (
                    "validate_dropdown_options is passed on; in LeadSquared's documents, true means that drop-down "
                    "values are NOT checked, whatever its name says."
                )
            names, used = prepared.source.header.names, prepared.bound.used_positions
            # A column left out by mistake shows here.
            unused = [one_line(name) for at, name in enumerate(names) if at not in used and name.strip()]
            if unused:
                more = f" and {len(unused) - NAMED:,} more" if len(unused) > NAMED else ""
                listed = ", ".join(unused[:NAMED])
                yield f"{prepared.source.place.source}: columns that the mapping does not use: {listed}{more}."
