"""From the counts of a column's dates to what the draft says: formats, questions, and cells that are no dates.

A format is taken only if the cells leave no other: it reads what no other format reads. Where two formats read every
cell, nobody can tell from the file which is meant, and the draft asks.
"""

from dataclasses import dataclass

from importer.drafting.cells import Example
from importer.drafting.date_shapes import as_written
from importer.drafting.dates import DateTrial, Rivalry, ShapeCount, TwoReadings, shapes_by_weight
from importer.drafting.readings import Misfits, tolerated


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """Formats between which the cells do not decide."""

    readings: tuple[tuple[str, ...], ...]
    """The formats of each reading, as a mapping would have them."""
    cells: int
    """Cells written this way."""
    differ: int
    """Cells that become other days by the second format than by the first."""
    shown: TwoReadings | None
    """One of them; None if every cell happens to be the same day in both."""
    contradiction: tuple[Example, Example] | None = None
    """A cell that only the first reading fits, and one that only the second does: the column mixes both."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column of dates is to be read."""

    formats: tuple[str, ...]
    """Those that are certain; none if all cells are dates of Excel."""
    questions: tuple[DateQuestion, ...]
    misfits: Misfits
    """Without the cells that have only lost their format, which are told as that."""
    """Cells that nothing of this reads."""
    with_clock: bool
    """Whether times of day are written, or only days."""
    names_zone: bool
    """Whether every cell says itself how far it is from UTC."""
    real: int
    """Cells that are dates of Excel."""


def date_reading(trial: DateTrial, filled: int, *, expected: bool) -> DateReading | None:
    """What a column's cells say; None if they are no dates.

    :param expected: the column's name speaks of a date; without that, only unmistakable shapes count.
    """
    if not trial.alive or not filled:
        return None
    # Beside a time of day, even 10.12.14 can only be a day.
    shapes = [count for count in shapes_by_weight(trial) if expected or not count.shape.weak or "" not in count.clocks]
    settled = [_settle(count) for count in shapes]
    read = trial.real + sum(one.read for one in settled)
    if not read or filled - read > tolerated(filled):
        return None
    formats = list(dict.fromkeys(text for one in settled for text in one.formats))
    clocks = {clock for count in shapes for clock in count.clocks}
    misfits = [one.unread for one in settled if one.unread]
    if trial.others.first:
        misfits.append(trial.others.first)
    first = min(misfits, key=lambda example: example.row, default=None)
    return DateReading(
        formats=tuple(formats),
        questions=tuple(one.question for one in settled if one.question),
        misfits=Misfits(filled - read - trial.serials.count, first),
        with_clock=bool(any(clocks) or trial.real_clocks),
        names_zone=bool(clocks) and all("%z" in clock for clock in clocks) and not trial.real,
        real=trial.real,
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of one shape."""

    read: int
    formats: tuple[str, ...] = ()
    question: DateQuestion | None = None
    unread: Example | None = None


def _settle(count: ShapeCount) -> _Settled:
    places = [place for place, _ in count.reads.most_common() if count.reads[place]]
    if not places:
        return _Settled(0, unread=next(iter(count.unread.values()), None))
    if not count.shape.exclusive:
        return _complementary(count)
    full = sorted(place for place in places if count.reads[place] == count.cells)
    if len(full) == 1:
        return _Settled(count.cells, _formats(count, full[0]))
    if full:
        return _asked(count, full[0], full[1:])
    best, *others = places
    for other in others:
        if _second_only(count, best, other) > tolerated(_telling(count, best, other)):
            return _asked(count, best, [other])
    if others and count.reads[best] == count.reads[others[0]]:
        return _asked(count, best, others[:1])
    return _Settled(count.reads[best], _formats(count, best), unread=count.unread.get(best))


def _complementary(count: ShapeCount) -> _Settled:
    """Month names, short and full: where both are read they are the same day, and where not, both are listed."""
    places = sorted(count.reads, key=lambda place: -count.reads[place])
    best = places[0]
    chosen = [best, *(other for other in places[1:] if _second_only(count, best, other))]
    read = count.reads[best] + sum(_second_only(count, best, other) for other in chosen[1:])
    formats = [text for place in sorted(chosen) for text in _formats(count, place)]
    unread = count.unread.get(best) if read < count.cells and len(chosen) == 1 else None
    return _Settled(read, tuple(formats), unread=unread)


def _asked(count: ShapeCount, first: int, others: list[int]) -> _Settled:
    rivalry = _between(count, first, others[0])
    alone = (rivalry.first_alone, rivalry.second_alone)
    if first > others[0]:
        alone = (alone[1], alone[0])
    clash = (alone[0], alone[1]) if alone[0] and alone[1] else None
    shown = rivalry.shown
    if shown and first > others[0]:
        shown = TwoReadings(shown.example, (shown.days[1], shown.days[0]))
    readings = tuple(_formats(count, place) for place in (first, *others))
    return _Settled(count.cells, question=DateQuestion(readings, count.cells, rivalry.differ, shown, clash))


def _between(count: ShapeCount, one: int, other: int) -> Rivalry:
    return count.rivals.get((min(one, other), max(one, other)), Rivalry())


def _second_only(count: ShapeCount, best: int, other: int) -> int:
    rivalry = _between(count, best, other)
    return rivalry.only_second if best < other else rivalry.only_first


def _telling(count: ShapeCount, best: int, other: int) -> int:
    rivalry = _between(count, best, other)
    return rivalry.only_first + rivalry.only_second


def _formats(count: ShapeCount, place: int) -> tuple[str, ...]:
    """The format of a day with each clock that was seen beside it, the most frequent first."""
    day = count.shape.formats[place]
    return tuple(as_written(day + clock) for clock, _ in count.clocks.most_common())
