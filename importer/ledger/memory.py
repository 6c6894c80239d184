"""What all runs together know of an activity: whether it is there, on its way, or in doubt."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine, select

from importer.ledger.entries import ActivityState, Known
from importer.ledger.tables import ACTIVITIES

_KEYS_PER_QUERY: Final = 500


def known_activities(engine: Engine, keys: Sequence[bytes]) -> dict[bytes, Known]:
    """What is known of these activities; new ones are missing from the answer."""
    found: dict[bytes, Known] = {}
    with engine.begin() as connection:
        for at in range(0, len(keys), _KEYS_PER_QUERY):
            query = select(ACTIVITIES).where(ACTIVITIES.c.key.in_(keys[at : at + _KEYS_PER_QUERY]))
            for row in connection.execute(query):
                found[row.key] = Known(ActivityState(row.state), row.activity_id or "", row.run, row.ordinal)
    return found
