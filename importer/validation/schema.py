"""The mapping as a pandera schema: what the text of every value must be.

A block is validated as a whole and lazily, so that all faults of all rows come out of one pass. Each value of whose
text something is asked has a column with it, null where the cell is empty. What was found while values were read (that
they can't be, or are missing), and by rules for rows, stands in columns of reasons beside them, so that nothing is
parsed twice: the first reason of each row in one, a second in the next. So there are as many as a row has reasons, not
as there are values; every column that fails costs pandera five milliseconds. Checks are total: one that raised would
fail a column without naming a row.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Texts
from importer.codes.rows import Code
from importer.mapping.bound import BoundMapping, BoundValue
from importer.mapping.cells import REASON_CODES, Reasons
from importer.mapping.reading import Reading
from importer.validation.plain_patterns import is_plain

REASON: Final = "reason "
"""Begins the name of a column of reasons, before its number from 0."""

_PLACES: Final = 256
"""A reason is its code's place among all codes, plus this times the place of what it is about."""


def schema_of(bound: BoundMapping) -> pandera.DataFrameSchema:
    """The schema for one source's rows."""
    values = [value for value in bound.values() if not value.constant]
    # Only there when something was found; an Excel error can stand in any column.
    columns = {
        f"{REASON}{number}": pandera.Column(checks=pandera.Check.eq(0, error="reason"), required=False)
        for number in range(len(values) + len(bound.rules))
    }
    for value in values:
        checks = _checks(value)
        if checks:
            columns[value.address] = pandera.Column(checks=checks, nullable=True)
    return pandera.DataFrameSchema(columns)


def frame_of(readings: Sequence[Reading], rules: Sequence[Reasons], schema: pandera.DataFrameSchema) -> pd.DataFrame:
    """The readings of a block as the frame that the schema validates; its index counts the block's rows from 0.

    :param rules: why rows break each of the rules.
    """
    columns: dict[str, pd.Series[str] | npt.NDArray[np.int64]] = {
        reading.value.address: _series(reading.text) for reading in readings if reading.value.address in schema.columns
    }
    for number, reasons in enumerate(_side_by_side([*(reading.why for reading in readings), *rules])):
        columns[f"{REASON}{number}"] = reasons
    length = len(readings[0].text) if readings else len(rules[0]) if rules else 0
    return pd.DataFrame(columns, index=pd.RangeIndex(length), copy=False)


def _side_by_side(found: Sequence[Reasons | None]) -> list[npt.NDArray[np.int64]]:
    """The reasons of all values and rules: the first of each row, the second, and so on; 0 where there is none."""
    columns: list[npt.NDArray[np.int64]] = []
    for place, why in enumerate(found):
        rows = np.flatnonzero(why) if why is not None else np.empty(0, np.int64)
        if why is None or not len(rows):
            continue
        reasons = place * _PLACES + why[rows].astype(np.int64)
        for column in [*columns, np.zeros(len(why), np.int64)]:
            free = column[rows] == 0
            column[rows[free]] = reasons[free]
            if free.any() and not any(column is known for known in columns):
                columns.append(column)
            rows, reasons = rows[~free], reasons[~free]
    return columns


class Rules:
    """What a mapping asks of one row's values, as pandera checks it."""

    def __init__(self, bound: BoundMapping) -> None:
        values = [value for value in bound.values() if not value.constant]
        self._places = {value.address: place for place, value in enumerate(values)}
        self._schema = schema_of(bound)

    def failures(
        self, readings: Sequence[Reading], rules: Sequence[Reasons], unusable: frozenset[int]
    ) -> list[tuple[int, int, str]]:
        """Offset of the row, place of the value or rule, rules after values, and code: of each fault of usable rows.

        :param rules: why rows break each of the rules for rows as a whole.
        """
        try:
            self._schema.validate(frame_of(readings, rules, self._schema), lazy=True, inplace=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
        else:
            return []
        if cases["index"].isna().any():
            raise AssertionError(f"a check failed without naming rows: {sorted(set(cases['check']))}")
        failures: list[tuple[int, int, str]] = []
        columns = (cases[name].tolist() for name in ("index", "column", "check", "failure_case"))
        for offset, column, check, case in zip(*columns, strict=True):
            if offset in unusable:
                continue
            if column.startswith(REASON):
                place, reason = divmod(int(case), _PLACES)
                failures.append((int(offset), place, str(REASON_CODES[reason])))
            else:
                failures.append((int(offset), self._places[column], check))
        return failures


def _series(texts: Texts) -> "pd.Series[str]":
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.Series(pd.arrays.ArrowStringArray(texts, dtype=dtype), copy=False)  # type: ignore[call-arg]  # pandas 3


def _checks(value: BoundValue) -> list[pandera.Check]:
    checks = []
    if value.choices:
        checks.append(pandera.Check.isin(value.choices, error=Code.CHOICE_UNLISTED))
    if value.max_length is not None:
        checks.append(pandera.Check.str_length(max_value=value.max_length, error=Code.TOO_LONG))
    if value.pattern is not None:
        checks.append(_fits_plainly(value.pattern) if is_plain(value.pattern) else _fits(re.compile(value.pattern)))
    return checks


def _fits_plainly(pattern: str) -> pandera.Check:
    """A pattern that Arrow understands as Python does: a whole column at once."""

    def fits(texts: "pd.Series[str]") -> "pd.Series[bool]":
        found = pc.match_substring_regex(pa.array(texts.array), f"^(?:{pattern})$")
        return pd.Series(np.asarray(found), index=texts.index)

    return pandera.Check(fits, error=Code.PATTERN_MISMATCH)


def _fits(pattern: re.Pattern[str]) -> pandera.Check:
    """Python's own regular expressions, as the mapping promises, each distinct text once."""

    def fits(texts: "pd.Series[str]") -> "pd.Series[bool]":
        places, distinct = texts.factorize()  # pandera has left the empty ones out
        found = np.array([pattern.fullmatch(text) is not None for text in distinct], np.bool_)
        return pd.Series(found[places], index=texts.index)

    return pandera.Check(fits, error=Code.PATTERN_MISMATCH)
