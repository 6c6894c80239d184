"""Answers changed at random, as many as are asked for."""

import json
import random
from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.leadsquared.answers import receipts
from tests.leadsquared.test_mutated_answers import (
    HARMFUL,
    HARMLESS,
    REFUSED,
    ROWS,
    SEED,
    Mutation,
    assert_proven,
    break_bytes,
    honest,
)


def change(times: int) -> int:
    """Looks at so many changed answers, each time others; tells at how many.

    :raises AssertionError: one of them creates a row without proof.
    """
    seen = 0

    @settings(max_examples=times, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(ROWS, REFUSED, st.lists(st.sampled_from(HARMFUL + HARMLESS), min_size=1, max_size=4), SEED, st.booleans())
    def proven(rows: int, refused: set[int], mutations: list[Mutation], seed: int, dented: bool) -> None:
        nonlocal seen
        choice = random.Random(seed)  # noqa: S311  # Hypothesis has chosen the seed
        entries = honest(rows, refused)
        for mutation in mutations:
            entries = deepcopy(entries)  # mutations put values in that all answers share
            mutation(entries, choice)
        body = json.dumps(receipts(*entries)).encode()
        assert_proven(break_bytes(body, choice) if dented else body, rows)
        seen += 1

    proven()
    return seen
