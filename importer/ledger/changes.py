"""The statements that change rows, activities and what is kept of rows; their values are bound by name."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, update

from importer.ledger.tables import ACTIVITIES, HELD, ROWS

CHANGE_ROW: Final = (
    update(ROWS)
    .where(and_(ROWS.c.run == bindparam("of_run"), ROWS.c.ordinal == bindparam("of_ordinal")))
    .values(
        outcome=bindparam("to_outcome"),
        chunk=bindparam("to_chunk"),
        row_number=bindparam("to_row_number"),
        activity_id=bindparam("to_id"),
        code=bindparam("to_code"),
        message=bindparam("to_message"),
    )
)
CHANGE_ACTIVITY: Final = (
    update(ACTIVITIES)
    .where(ACTIVITIES.c.key == bindparam("of_key"))
    .values(
        state=bindparam("to_state"),
        run=bindparam("to_run"),
        ordinal=bindparam("to_ordinal"),
        activity_id=bindparam("to_id"),
    )
)
FORGET_ACTIVITY: Final = delete(ACTIVITIES).where(ACTIVITIES.c.key == bindparam("of_key"))
LET_GO: Final = delete(HELD).where(and_(HELD.c.run == bindparam("of_run"), HELD.c.ordinal == bindparam("of_ordinal")))

SETTLE_ROW: Final = (
    update(ROWS)
    .where(and_(ROWS.c.run == bindparam("of_run"), ROWS.c.ordinal == bindparam("of_ordinal")))
    .values(
        outcome=bindparam("to_outcome"),
        activity_id=bindparam("to_id"),
        code=bindparam("to_code"),
        message=bindparam("to_message"),
    )
)
"""Leaves chunk and row number as they are: the call that they name is the one that did it."""


ROWS_AT_ONCE: Final = 2_000
"""What is bound to a statement weighs more than the rows it is made from."""


def each(connection: Connection, statement: Any, values: Iterable[dict[str, Any]]) -> None:
    """Executes a statement once for each set of values; none at all is fine."""
    left = iter(values)
    while some := list(islice(left, ROWS_AT_ONCE)):
        connection.execute(statement, some)
