"""Words for the terminal: notices, groups of issues, the closing table. Plain text; what is printed can't move it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from importer.blocks import Place
from importer.records import Issue, Outcome
from importer.reporting.issues import IssueGroup
from importer.reporting.reasons import ReasonGroup, Reasons
from importer.reporting.summary import Summary
from importer.reporting.whole_files import stands_beside

_MEANINGS: Final = {
    Outcome.CREATED: ("is", "are", "in LeadSquared now"),
    Outcome.DUPLICATE: ("was", "were", "there from an earlier import; not sent"),
    Outcome.INVALID: ("has", "have", "mistakes; not sent"),
    Outcome.REJECTED: ("was", "were", "refused by LeadSquared; not created"),
    Outcome.UNKNOWN: ("may", "may", "have arrived or not; not sent again"),
    Outcome.NOT_SENT: ("has not had its turn", "have not had their turn", ""),
}
"""What is said of one row, of several, and of both."""

LONGEST_CELL: Final = 60
SHOWN_GROUPS: Final = 20
SHOWN_REASONS: Final = 5
LONGEST_WORDS: Final = 200


def one_line(text: str, longest: int = LONGEST_CELL) -> str:
    """A text of somebody else's: short, on one line, without characters that could move the cursor or the eye."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def counted(count: int, word: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def with_mistakes(count: int) -> str:
    """`1 has mistakes`, `1,234 have mistakes`."""
    return f"{count:,} {'has' if count == 1 else 'have'} mistakes"


def closing_table(
    summary: Summary, folder: Path, groups: Sequence[IssueGroup] = (), reasons: Reasons | None = None
) -> Iterator[str]:
    """The lines that end a run: how many rows became what, what is wrong with rows, and where it is written.

    :param reasons: why rows were refused or are in doubt.
    """
    calls = f", {counted(summary.calls, 'call')} in {summary.seconds:.1f} s" if summary.calls else ""
    yield f"{counted(summary.read, 'row')} read{calls}."
    yield ""
    width = max(len(f"{count:,}") for count in [summary.read, *summary.counts.values()])
    for outcome in Outcome:
        count = summary.counts.get(outcome, 0)
        if count or outcome is Outcome.CREATED:
            one, several, both = _MEANINGS[outcome]
            meaning = f"{one if count == 1 else several} {both}".rstrip()
            yield f"  {outcome.replace('_', ' '):<10}{count:>{width},}  {meaning}"
    place = summary.files[0] if summary.files else None
    yield from issue_lines(groups, place)
    if reasons is not None:
        yield from reason_lines(reasons.of(Outcome.REJECTED), place)
        yield from reason_lines(reasons.of(Outcome.UNKNOWN), place, " in doubt")
    if summary.files:
        yield ""
        yield from _file_lines(folder, summary.files)


def rehearsal_table(summary: Summary, folder: Path, groups: Sequence[IssueGroup]) -> Iterator[str]:
    """The lines that end a validation or a dry run."""
    invalid, good = summary.counts.get(Outcome.INVALID, 0), summary.counts.get(Outcome.NOT_SENT, 0)
    duplicates = summary.counts.get(Outcome.DUPLICATE, 0)
    known = f", {duplicates:,} imported already" if duplicates else ""
    yield f"{counted(summary.read, 'row')} read: {good:,} can be sent, {with_mistakes(invalid)}{known}."
    yield from issue_lines(groups, summary.files[0] if summary.files else None)
    if summary.files:
        yield ""
        yield from _file_lines(folder, summary.files)


def _file_lines(folder: Path, names: Sequence[str]) -> Iterator[str]:
    yield f"Files: {folder}"
    for name in names:
        meant = stands_beside(name)
        word = f" ({meant} stays as it is: somebody has changed it, or has it open)" if meant else ""
        yield f"  {name}{word}"


def issue_lines(groups: Sequence[IssueGroup], listed_in: str | None) -> Iterator[str]:
    """Equal faults together, the most frequent first, each with where it was seen and what to do.

    :param listed_in: the file that has all of them, if it could be written.
    """
    place = f", all in {listed_in}" if listed_in else ""
    for group in groups[:SHOWN_GROUPS]:
        yield ""
        yield f"  {counted(group.count, 'row')}: {one_line(group.message, LONGEST_WORDS)}"
        for issue in group.examples:
            yield f"      {_where(issue)}{_shown_value(issue)}"
        if group.count > len(group.examples):
            yield f"      and {group.count - len(group.examples):,} more{place}"
        yield f"    → {group.remedy}"
    if len(groups) > SHOWN_GROUPS:
        yield ""
        others = len(groups) - SHOWN_GROUPS
        yield f"  and {others} other {'kind' if others == 1 else 'kinds'} of mistakes{place}"


def reason_lines(groups: Sequence[ReasonGroup], listed_in: str | None, state: str = "") -> Iterator[str]:
    """Rows of which the same is said together, the most frequent words first, each with where they stand.

    The words are often LeadSquared's own, so nothing in them is relied on.

    :param listed_in: the file that has all of them, if it could be written.
    :param state: what the rows are, if the words don't say it.
    """
    all_in = f", all in {listed_in}" if listed_in else ""
    shown = groups[:SHOWN_REASONS]
    for number, group in enumerate(shown, 1):
        yield ""
        yield f"  {counted(group.count, 'row')}{state}: {one_line(group.words, LONGEST_WORDS)}"
        for place, row in group.examples:
            yield f"      {_place(place, row)}"
        if group.count > len(group.examples):
            yield f"      and {group.count - len(group.examples):,} more{all_in}"
        if group.remedy and (number == len(shown) or shown[number].remedy != group.remedy):
            yield f"    → {group.remedy}"
    if len(groups) > len(shown):
        others = len(groups) - len(shown)
        yield ""
        yield f"  and {others:,} other {'reason' if others == 1 else 'reasons'}{all_in}"


def _where(issue: Issue) -> str:
    column = f", column {issue.column}" if issue.column else ""
    return f"{_place(issue.place, issue.row)}{column}"


def _place(place: Place, row: int) -> str:
    sheet = f", sheet {one_line(place.sheet)}" if place.sheet else ""
    return f"{one_line(place.source, 120)}{sheet}, row {row}"


def _shown_value(issue: Issue) -> str:
    return f': "{one_line(issue.value)}"' if issue.value else ""
