"""What `init` puts together: the file looked through, the draft written, and the words about both."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from importer.cli.destination import sandbox_account, their_account
from importer.cli.edge import say, tell
from importer.drafting import AccountField, Draft, Wishes, draft_mapping
from importer.drafting.columns import profile_of
from importer.errors.base import UsageError
from importer.leadsquared.account.activity_types import activity_type
from importer.leadsquared.account.asking import AccountUnreadable
from importer.leadsquared.conversations import held
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import PatientReader
from importer.loading import ReadingOptions, Source, freeze, open_source
from importer.loading.apostrophes import APOSTROPHE
from importer.mapping.moments import is_zone
from importer.mapping.zone_words import zone_advice
from importer.reporting.console import counted, one_line
from importer.settings import settle_settings


def fields_of(
    event: int, given: Mapping[str, str | None], *, sandbox: bool, quiet: bool
) -> tuple[AccountField, ...] | None:
    """The fields of an activity type, if there is an account to ask and it tells; else None, with a word on why."""
    settings = settle_settings(given, os.environ)
    if not sandbox and not (settings.host and settings.access_key and settings.secret_key):
        if not quiet:
            tell("no keys are set, so the account's names of fields are not known; they are counted through instead.")
        return None
    with sandbox_account(settings) if sandbox else nullcontext(their_account(settings)) as destination:
        client = destination.client()
        try:
            found = held(activity_type(event), PatientReader(client.send, Window(settings.rate), tries=2))
        except AccountUnreadable as untold:
            tell(f"{untold} The fields are counted through instead.")
            return None
        finally:
            client.close()
    return tuple(
        AccountField(each.schema_name, each.display_name, each.data_type, each.mandatory, each.options, each.max_length)
        for each in found.fields
    )


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """What is to be drafted, and where it goes."""

    source: str
    reading: ReadingOptions
    output: Path | None = None
    """None: standard output."""
    event: int | None = None
    timezone: str | None = None
    force: bool = False


def draft_file(order: DraftOrder, *, fields: Sequence[AccountField] | None = None, quiet: bool = False) -> None:
    """Drafts a mapping from all rows of a file.

    :param fields: the activity type's fields, if the account could be asked.
    :raises UsageError: there is no such time zone, or the draft would replace a file.
    :raises SourceError: the file can't be read.
    """
    if order.timezone is not None and not is_zone(order.timezone):
        advice = zone_advice(order.timezone).strip()
        raise UsageError(f'There is no time zone "{order.timezone}".', advice)
    _refuse_to_replace(order)
    source, reading, reasons = _opened(order, quiet=quiet)
    told = _tell_new(source, (), quiet=quiet)
    profile = profile_of(source)
    _tell_new(source, told, quiet=quiet)
    kept = order.output or Path(order.source).with_suffix(".yaml").name
    command = _command_line(["lsq-import", "validate", order.source, "-m", str(kept)])
    wishes = Wishes(
        source=order.source,
        name=_name_for(order.source),
        reading=reading,
        reasons=reasons,
        next_command=command,
        event=order.event,
        timezone=order.timezone,
        computer_zone=computer_zone(),
        sheet=source.place.sheet,
        fields=fields,
    )
    draft = draft_mapping(profile, wishes)
    _hand_over(draft, order)
    if not quiet:
        _talk(_words(draft, order, command))


def _opened(order: DraftOrder, *, quiet: bool) -> tuple[Source, ReadingOptions, dict[str, str]]:
    """The file, how it is read, and why so where nobody has said it.

    A draft is looked through before anything is sent by it, and says what it goes by; so it may go by what is likely,
    where other commands only say that it is.
    """
    file = freeze(order.source, order.reading.encoding)
    source = open_source(file, order.reading)
    reading, reasons = order.reading, dict[str, str]()
    # Apostrophes can show only when the header is found, and the header only when it is known what encloses texts.
    while True:
        title, apostrophes = source.title, source.apostrophes
        if title and title.certain:
            reading = replace(reading, header_row=title.header_row)
            reasons["header_row"] = title.reason
            said = (
                f"{title.reason}. So the header is taken from {title.word} {title.header_row} ({title.names}), and the "
                "draft says so; if it is another one, name it with --header-row."
            )
        elif apostrophes and apostrophes.certain:
            reading = replace(reading, quote_char=APOSTROPHE)
            reasons["quote_char"] = apostrophes.reason
            said = (
                f"{apostrophes.evidence}. So apostrophes are taken to enclose texts, and the draft says so; if they do "
                "not, say --quote-char quote."
            )
        else:
            return source, reading, reasons
        if not quiet:
            tell(f"{order.source}: {said}")
        source = open_source(file, reading)


def _refuse_to_replace(order: DraftOrder) -> None:
    output = order.output
    if output is None or not output.exists():
        return
    with suppress(OSError):
        if output.samefile(order.source):
            raise UsageError(f'"{output}" is the file with the rows.', "Give the draft a name of its own with -o.")
    if output.is_dir():
        raise UsageError(f'"{output}" is a folder.', "Give the draft a file name with -o.")
    if not order.force:
        remedy = "Give the draft another name with -o, or replace the file with --force."
        raise UsageError(f'There is a file "{output}" already; it was left as it is.', remedy)


def _hand_over(draft: Draft, order: DraftOrder) -> None:
    if order.output is None:
        say(draft.text.removesuffix("\n"))
        return
    try:
        order.output.write_text(draft.text, encoding="utf-8", newline="\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f'"{order.output}" can\'t be written: {why}.', "Choose another place with -o.") from None


# ----------------------------------------------------------------------------------------------- words


def _tell_new(source: Source, told: tuple[str, ...], *, quiet: bool) -> tuple[str, ...]:
    """Tells what is known of how the file is read; some things show only when the last row was read."""
    for notice in source.notices:
        if notice not in told and not quiet:
            tell(notice)
    return source.notices


def _words(draft: Draft, order: DraftOrder, command: str) -> Iterator[str]:
    yield f"lsq-import: {order.source}: {counted(draft.rows, 'row')}, {counted(len(draft.columns), 'column')}."
    yield ""
    yield from _table(draft)
    if draft.cautions:
        yield ""
        yield "Worth a look:"
        yield from (f"  {caution}" for caution in draft.cautions)
    where = (
        f"The draft is in {order.output}" if order.output else "The draft is on standard output; keep it with -o FILE"
    )
    yield ""
    if draft.decisions:
        yield f"{where}. Before it can be used, put your answer in the place of each UNDECIDED:"
        at = f"{order.output}:" if order.output else "line "
        yield from (f"  {at}{decision.line}: {decision.sentence}" for decision in draft.decisions)
        options = [
            option
            for option, missing in (("--event CODE", order.event is None), ("--timezone ZONE", _zone_is_asked(draft)))
            if missing
        ]
        if options:
            yield f"Or make the draft again with {' and '.join(options)}{' --force' if order.output else ''}."
    else:
        yield f"{where}. Nothing is left to decide, but look it through."
    yield ""
    yield f"Next: {command}"


def _zone_is_asked(draft: Draft) -> bool:
    return any(decision.sentence == "the time zone" for decision in draft.decisions)


def _table(draft: Draft) -> Iterator[str]:
    rows = [("", "column", "filled", "different", "holds", "becomes")]
    for column in draft.columns:
        different = "many" if column.different is None else f"{column.different:,}"
        name = one_line(column.name, 28)
        rows.append((column.letter, name, f"{column.filled:,}", different, column.kind, column.becomes))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for letter, name, filled, different, kind, becomes in rows:
        numbers = f"{filled:>{widths[2]}}  {different:>{widths[3]}}"
        yield f"  {letter:<{widths[0]}}  {name:<{widths[1]}}  {numbers}  {kind:<{widths[4]}}  {becomes}"


def _talk(lines: Iterator[str]) -> None:
    with suppress(OSError, ValueError):  # that nobody listens is no reason to fail
        for line in lines:
            print(line, file=sys.stderr, flush=True)


def _name_for(source: str) -> str:
    """What the import is called: the file's name in small letters, without its ending."""
    return (
        "-".join("".join(letter if letter.isalnum() else " " for letter in Path(source).stem).lower().split())
        or "import"
    )


def _command_line(words: list[str]) -> str:
    """A command as it is typed; a name with blanks is put in quotation marks, which every shell takes."""
    return subprocess.list2cmdline(words)


def computer_zone() -> str | None:
    """The time zone of this computer, if it has a name that others know."""
    named = os.environ.get("TZ", "").removeprefix(":")
    with suppress(OSError):
        named = named or Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")[2]
    # A computer in UTC is a server, which says nothing about the people whose file this is.
    return named if "/" in named and not named.startswith("Etc/") and is_zone(named) else None
