"""The mapping as a pandera schema: what the text of every value must be.

A block is validated as a whole and lazily, so that all faults of all rows come out of one pass. Each value has a
column with its text (null where the cell is empty) and, where reading it can fail, one with the reason, so that
nothing is parsed twice. Checks are total: one that raised would fail a column without naming a row.
"""

import re
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow.compute as pc

from importer.codes import Code
from importer.mapping.bound import BoundMapping, BoundValue
from importer.mapping.cells import Reasons, reason_texts
from importer.mapping.reading import Reading
from importer.records import Texts

REASON: Final = " (reason)"
"""Ends the name of the column that holds why a value could not be read."""


RULE: Final = "rules."
"""Begins the name of a rule's column, before its place among the rules."""


def schema_of(bound: BoundMapping) -> pandera.DataFrameSchema:
    """The schema for one source's rows: a column for every value that something is asked of."""
    columns: dict[str, pandera.Column] = {}
    for value in bound.values():
        if value.constant:
            continue
        # Only there when something could not be read; an Excel error can stand in any column.
        columns[value.address + REASON] = _without_reason()
        checks = _checks(value)
        needed = value.required and not value.when  # of a value that not every row has, the reading knows
        if checks or needed:
            columns[value.address] = pandera.Column(checks=checks, nullable=not needed)
    for place in range(len(bound.rules)):
        columns[f"{RULE}{place}{REASON}"] = _without_reason()
    return pandera.DataFrameSchema(columns)


def _without_reason() -> pandera.Column:
    return pandera.Column(checks=pandera.Check(pd.isna, ignore_na=False, error="reason"), nullable=True, required=False)


def frame_of(readings: list[Reading], rules: list[Reasons], schema: pandera.DataFrameSchema) -> pd.DataFrame:
    """The readings of a block as the frame that the schema validates; its index counts the block's rows from 0."""
    columns: dict[str, pd.Series[str]] = {}
    for reading in readings:
        address = reading.value.address
        if address in schema.columns:
            columns[address] = _series(_filled(reading))
        if reading.reasons.null_count < len(reading.reasons):
            columns[address + REASON] = _series(reading.reasons)
    for place, why in enumerate(rules):
        if why.any():
            columns[f"{RULE}{place}{REASON}"] = _series(reason_texts(why))
    length = len(readings[0].text) if readings else len(rules[0]) if rules else 0
    return pd.DataFrame(columns, index=pd.RangeIndex(length), copy=False)


def _filled(reading: Reading) -> Texts:
    """The texts; of a required value also those are missing that are nothing but white space."""
    value = reading.value
    if not value.required or value.trimmed:
        return reading.text
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(reading.text), ""), None, reading.text)


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
        checks.append(_matches(re.compile(value.pattern)))
    return checks


def _matches(pattern: re.Pattern[str]) -> pandera.Check:
    """Python's own regular expressions, as the mapping promises, each distinct text once."""

    def matches(texts: "pd.Series[str]") -> "pd.Series[bool]":
        places, distinct = texts.factorize()  # pandera has left the empty ones out
        fits = np.array([pattern.fullmatch(text) is not None for text in distinct], np.bool_)
        return pd.Series(fits[places], index=texts.index)

    return pandera.Check(matches, error=Code.PATTERN_MISMATCH)
