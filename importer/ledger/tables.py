"""The ledger's tables.

`rows` always tells the truth as a report would: a planned row is `not_sent`, a row in flight is `unknown`, and so a
ledger found after a power cut needs no repair before it can be read. `activities` is the memory across runs.

Of a file that comes every night, most rows are there already. `stretches` knows them a thousand at a time, and
`passages` says where a run has met them. A row that was there has no line in `rows` then, nor has a bad one: what is
said of it stands in `bad_rows` once, however often it comes.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION: Final = 1


METADATA: Final = MetaData()

FACTS = Table(
    "facts",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("key_mark", String, nullable=False),  # keyed digest of the access key, never the key
    UniqueConstraint("host", "key_mark"),
)

NAMES = Table(
    "names",
    METADATA,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("org", String, nullable=False),  # what LeadSquared calls the account, whatever keys open it
    Column("known_as", ForeignKey("accounts.id"), nullable=False),  # under which its rows are remembered
)

RUNS = Table(
    "runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("account", String, nullable=False),
    Column("account_label", String, nullable=False),
    Column("signature", String, nullable=False),  # digest of all that makes two commands the same run
    Column("mapping", String, nullable=False),
    Column("options", JSON, nullable=False),
    Column("out", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    Column("exit_code", Integer),
    Column("seconds", Float, nullable=False, default=0.0),  # during which calls were made
    Column("whole", SmallInteger, nullable=False, default=0),  # 1 when all rows of its sources were read
    Column("open", SmallInteger, nullable=False),  # 1 while the same command goes on with it
    Index("runs_by_signature", "signature"),
)

SOURCES = Table(
    "sources",
    METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("path", String, nullable=False),
    Column("sheet", String),
    Column("sha256", String, nullable=False),
    Column("first", Integer, nullable=False),  # ordinal of its first row
    Column("layout", JSON, nullable=False),
)

ROWS = Table(
    "rows",
    METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("row", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("chunk", Integer),
    Column("row_number", Integer),
    Column("key", LargeBinary),
    Column("activity_id", String),
    Column("road", SmallInteger, nullable=False, default=0),  # which of the mapping's roads it takes
    Column("lead", String, nullable=False, default=""),
    Column("code", String, nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    sqlite_with_rowid=False,
)

HELD = Table(
    "held",
    METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("cells", JSON, nullable=False),  # as the source has them: for the files to correct
    Column("body", LargeBinary),  # as it was posted
    sqlite_with_rowid=False,
)

ACTIVITIES = Table(
    "activities",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("state", SmallInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("activity_id", String),
    sqlite_with_rowid=False,
)

STRETCHES = Table(
    "stretches",
    METADATA,
    Column("mark", LargeBinary, primary_key=True),
    # In the order in which they are needed most: SQLite reads a long record from its start, as far as it is asked for.
    Column("created", LargeBinary, nullable=False),  # which of its good rows are in the account for certain
    Column("good", LargeBinary),  # which of its rows are good; ledgers of the first days don't tell
    Column("numbers", LargeBinary, nullable=False),  # of each good row among its equals in the source
    Column("identities", LargeBinary, nullable=False),  # of its good rows, 16 bytes each
    Column("leads", JSON, nullable=False),
    Column("ids", JSON, nullable=False),  # of the activities; null where none was created so far
)

BAD_ROWS = Table(
    "bad_rows",
    METADATA,
    Column("mark", LargeBinary, primary_key=True),  # of all that stands in their stretch
    Column("said", JSON, nullable=False),  # of each: offset in the stretch, lead, code, message, issues
    Column("cells", JSON, nullable=False),  # of each, for the files to correct
)

PASSAGES = Table(
    "passages",
    METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("first", Integer, primary_key=True),  # ordinal of its first row that is good, or bad and told of here
    Column("last", Integer, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("ordinals", LargeBinary, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    Column("numbers", LargeBinary, nullable=False),  # of each row among its equals in this run's source
    Column("there", LargeBinary, nullable=False),  # which rows were created before this run; those are not in `rows`
    Column("there_rows", Integer, nullable=False),
    Column("all_rows", Integer, nullable=False),  # the good ones
    Column("bad_mark", LargeBinary),
    Column("bad_ordinals", LargeBinary),  # of bad rows that are not in `rows` either
    Column("bad_rows", LargeBinary),
    Column("bad_codes", JSON),  # how many of them bear each code
    sqlite_with_rowid=False,
)

CALLS = Table(
    "calls",
    METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("started_at", String, nullable=False),
    Column("ended_at", String),
    Column("verdict", String),
    Column("request_id", String),  # of a call that waits in the account's queue
)

LIMITS = Table(
    "limits",
    METADATA,
    Column("account", String, primary_key=True),
    Column("call_class", String, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("met", SmallInteger, nullable=False),  # 0: nothing but what was let through so far
    Column("named", SmallInteger, nullable=False),  # 1: in the server's words
    Column("learned_at", String, nullable=False),
)

STAMPS = Table(
    "stamps",
    METADATA,
    Column("account", String, primary_key=True),
    Column("call_class", String, primary_key=True),
    Column("slot", Integer, primary_key=True),  # a ring: the last calls of each class
    Column("wall", String, nullable=False),
    Column("monotonic", Float, nullable=False),  # the same since the computer was started
    sqlite_with_rowid=False,
)

DAYS = Table(
    "days",
    METADATA,
    Column("account", String, primary_key=True),
    Column("day", String, primary_key=True),  # UTC
    Column("call_class", String, primary_key=True),
    Column("calls", Integer, nullable=False),
    sqlite_with_rowid=False,
)

FROM_THE_FIRST: Final = frozenset((FACTS, ACCOUNTS, RUNS, SOURCES, ROWS, HELD, ACTIVITIES, CALLS))
"""Tables that every ledger has; the others are made where they are missing, and nothing is lost by that."""

ADDED_LATER: Final[Mapping[Column[Any], ColumnElement[Any] | None]] = {
    RUNS.c.whole: 1 - RUNS.c.open,
    STRETCHES.c.good: None,
    PASSAGES.c.bad_mark: None,
    PASSAGES.c.bad_ordinals: None,
    PASSAGES.c.bad_rows: None,
    PASSAGES.c.bad_codes: None,
}
"""Columns that ledgers of the first days lack -> what stands in them then; nothing is as good as null."""

NEVER_ADDED: Final = (RUNS.c.seconds, ROWS.c.road, CALLS.c.request_id, PASSAGES.c.numbers)
"""Columns without which the rest of a ledger means something else than it does now: it can't be gone on with."""
