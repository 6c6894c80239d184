"""What all runs together know of an activity: whether it is there, on its way, or in doubt."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.sql import func

from importer.ledger.entries import ActivityState, Known
from importer.ledger.tables import ACTIVITIES

_KEYS_PER_QUERY: Final = 500

_STATES: Final = {int(state): state for state in ActivityState}


def known_activities(engine: Engine, keys: Sequence[bytes]) -> dict[bytes, Known]:
    """What is known of these activities; new ones are missing from the answer."""
    found: dict[bytes, Known] = {}
    with engine.begin() as connection:
        if connection.execute(select(func.max(ACTIVITIES.c.key))).scalar() is None:
            return found  # the first import of all: nothing is known, and there are a million questions
        ordered = sorted(keys)  # as they lie in the table: each page of it is read once
        for at in range(0, len(ordered), _KEYS_PER_QUERY):
            some = tuple(ordered[at : at + _KEYS_PER_QUERY])
            # By the driver itself: this is asked for every row of a file, and the words of it are always the same.
            marks = ",".join("?" * len(some))
            rows = connection.exec_driver_sql(
                f"SELECT key, state, activity_id, run, ordinal FROM activities WHERE key IN ({marks})",  # noqa: S608
                some,
            )
            for key, state, activity_id, run, ordinal in rows:
                found[key] = Known(_STATES[state], activity_id or "", run, ordinal)
    return found
