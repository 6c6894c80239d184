"""What `activities` puts together: the account, all pages of one lead or of many, and the way they are listed."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from importer.cli.activities import Format
from importer.cli.destination import sandbox_account, their_account
from importer.cli.edge import OutputLost, is_loss, tell
from importer.cli.lead_ids import LeadIds, is_lead_id
from importer.cli.listing import CsvListing, JsonListing, Listing, TableListing, how_many
from importer.errors.base import ExitCode, UsageError
from importer.leadsquared.account.asking import refusal_of_keys
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.conversations import held
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import PatientReader
from importer.leadsquared.retrieving import PagesIncomplete, ReadingFailed, activities_of
from importer.loading import ReadingOptions
from importer.reporting.console import counted
from importer.reporting.lead_progress import LeadBar
from importer.settings import settle_settings


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """The command line of `activities`."""

    lead_id: str | None
    file: str | None
    column: str | None
    reading: ReadingOptions
    event: int | None
    form: Format
    settings: Mapping[str, str | None]
    sandbox: bool


class _NobodyListens(Exception):
    """Whoever read the output has gone."""


_LISTINGS: Final[Mapping[Format, Callable[[bool], Listing]]] = {
    Format.TABLE: TableListing,
    Format.JSON: lambda _: JsonListing(),
    Format.CSV: CsvListing,
}


def list_activities(order: ReadingOrder) -> ExitCode:
    """Reads all activities of one lead, or of each lead of a file, and lists them as they come.

    :raises UsageError: neither lead nor file, both, or no such column.
    :raises StoppedEarly: keys refused, or the server can't be reached.
    """
    if (order.lead_id is None) == (order.file is None):
        what = "Neither a lead id nor a file is given" if order.lead_id is None else "A lead id and a file are given"
        raise UsageError(f"{what}; one of them is needed.", "See: lsq-import activities --help")
    if order.lead_id is not None:
        if order.column is not None:
            raise UsageError("--column goes with --from.", "See: lsq-import activities --help")
        if not is_lead_id(order.lead_id.strip()):
            example = "A lead id looks like 2bf6a491-c144-4ac9-90f9-f52b6fc44413."
            raise UsageError(f'"{order.lead_id}" is not a lead id.', example)
    listing = _LISTINGS[order.form](order.file is not None)
    try:
        return _of_one(order, order.lead_id.strip(), listing) if order.lead_id else _of_file(order, listing)
    except _NobodyListens:
        return ExitCode.OK  # `| head` has seen enough


def _of_one(order: ReadingOrder, lead_id: str, listing: Listing) -> ExitCode:
    with _reader(order) as read:
        found = read(lead_id)
    for lines in (listing.begin(), listing.lead(lead_id.lower(), found), listing.end()):
        _write(lines)
    return ExitCode.OK


def _of_file(order: ReadingOrder, listing: Listing) -> ExitCode:
    assert order.file is not None, "whoever calls has looked"
    bar = LeadBar(sys.stderr, None, shown=sys.stderr.isatty() and not sys.stdout.isatty())
    ids = LeadIds.of(order.file, order.column, order.reading, bar.say)
    bar.expected = ids.source.expected_rows
    leads = activities = failed = 0
    with _reader(order) as read:
        _write(listing.begin())
        try:
            for row, lead_id in ids:
                try:
                    found = read(lead_id)
                except (ReadingFailed, PagesIncomplete) as error:
                    failed += 1
                    bar.say(f"row {row}, lead {lead_id}: {error.sentence}")
                else:
                    leads, activities = leads + 1, activities + len(found)
                    _write(listing.lead(lead_id, found))
                bar.advance(failed)
        finally:
            bar.finished()
            _write(listing.end())
    for notice in ids.source.notices:
        tell(notice)
    said = f"{how_many(activities)} of {counted(leads, 'lead')}"
    more = f"; {counted(ids.repeated, 'row')} named a lead again" if ids.repeated else ""
    bad = f"; {counted(failed, 'lead')} not read, {counted(ids.faulty, 'row')} without a lead id"
    tell(f"{said}{more}{bad if failed or ids.faulty else ''}.")
    return ExitCode.ROWS_FAILED if failed or ids.faulty else ExitCode.OK


@contextmanager
def _reader(order: ReadingOrder) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """What reads the activities of a lead, at the account's rate."""
    settings = settle_settings(order.settings, os.environ)
    with sandbox_account(settings) if order.sandbox else nullcontext(their_account(settings)) as destination:
        client = destination.client()
        patient = PatientReader(client.send, Window(settings.rate))

        def send(call: Call) -> Ending:
            ending = patient(call)
            refused = refusal_of_keys(ending)
            if refused is not None:
                raise refused
            return ending

        try:
            yield lambda lead_id: held(activities_of(lead_id, order.event), send)
        finally:
            client.close()


def _write(lines: Iterator[str]) -> None:
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) if is_loss(error) else _NobodyListens from None
    except ValueError:
        raise _NobodyListens from None
