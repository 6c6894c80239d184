"""Opening the ledger: files for their owner only, and nothing but a sound ledger of ours."""

import hashlib
import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from importer.errors.base import LedgerError
from importer.ledger.faults import (
    LedgerDamaged,
    LedgerStuck,
    LedgerTooNew,
    LedgerTooOld,
    LedgerUnwritable,
    SaltMissing,
    unwritable,
)
from importer.ledger.place import LEDGER, SALT, has_ledger, write_privately
from importer.ledger.tables import ADDED_LATER, FACTS, FROM_THE_FIRST, METADATA, NEVER_ADDED, SCHEMA_VERSION

SALT_BYTES: Final = 32

_STUCK: Final = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
    )
)
_DAMAGE: Final = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


def open_engine(state: Path, *, sound: bool = False) -> Engine:
    """The ledger's database, made if there is none.

    :param sound: whether it is known to be sound, so that it need not be looked through.
    :raises LedgerError: it is damaged, too new, or without its salt.
    """
    path = state / LEDGER
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size <= 1 and (state / SALT).exists():
            raise LedgerDamaged(path, "it is empty, but was in use")  # SQLite would take it for a new one
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise unwritable(state, error) from None
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "timeout": 30},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return _made_sure_of(state, engine, sound=sound)


def open_to_read(state: Path, *, sound: bool = False) -> Engine:
    """The database of a ledger that can't be written, to look at what is in it.

    :raises LedgerError: it is damaged, too new, or too old to be read as it is.
    :raises LedgerUnwritable: not even that can be done.
    """
    address = f"{(state / LEDGER).absolute().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None, timeout=30),
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return _made_sure_of(state, engine, sound=sound)


def _made_sure_of(state: Path, engine: Engine, *, sound: bool) -> Engine:
    path = state / LEDGER
    try:
        with engine.begin() as connection:
            if not sound:
                _look_through(path, connection)
            _make_sure_it_is_ours(path, connection)
    except DatabaseError as error:
        engine.dispose()
        if _kind(error.orig) in _STUCK:
            raise LedgerUnwritable(state, str(error.orig), is_there=has_ledger(state)) from None
        raise LedgerDamaged(path, str(error.orig)) from None
    except LedgerError:
        engine.dispose()
        raise
    event.listen(engine, "handle_error", lambda context: _translate(path, context.original_exception))
    return engine


def _look_through(path: Path, connection: Connection) -> None:
    verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if verdict != "ok":
        raise LedgerDamaged(path, str(verdict))


def _make_sure_it_is_ours(path: Path, connection: Connection) -> None:
    if not inspect(connection).has_table("facts"):
        if inspect(connection).get_table_names():
            raise LedgerDamaged(path, "it is a database of another program")
        METADATA.create_all(connection)
        connection.execute(insert(FACTS).values(name="schema_version", value=str(SCHEMA_VERSION)))
    version = connection.execute(select(FACTS.c.value).where(FACTS.c.name == "schema_version")).scalar()
    if not str(version).isdigit():
        raise LedgerDamaged(path, "its version is not readable")
    if int(str(version)) > SCHEMA_VERSION:
        raise LedgerTooNew(path)
    _bring_up_to_date(path, connection)
    for table in METADATA.sorted_tables:
        connection.execute(select(table).limit(1))  # all tables and columns are there


def _bring_up_to_date(path: Path, connection: Connection) -> None:
    """Adds what earlier versions did not know and what nothing is lost by being empty.

    :raises LedgerTooOld: it lacks something else.
    """
    for table in METADATA.sorted_tables:
        if table not in FROM_THE_FIRST:
            table.create(connection, checkfirst=True)
    later = {column.table.name for column in (*NEVER_ADDED, *ADDED_LATER)}
    there = {name: _columns_of(connection, name) for name in later}
    for column in NEVER_ADDED:
        if there[column.table.name] and column.name not in there[column.table.name]:
            raise LedgerTooOld(path, f"{column.table.name}.{column.name}")
    for column, value in ADDED_LATER.items():
        if there[column.table.name] and column.name not in there[column.table.name]:
            kind = column.type.compile(connection.dialect)
            rule = "" if column.nullable else " NOT NULL DEFAULT 0"
            connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} {kind}{rule}")
            if value is not None:
                connection.execute(update(column.table).values({column: value}))


def _columns_of(connection: Connection, table: str) -> set[str]:
    looked_at = inspect(connection)
    return {each["name"] for each in looked_at.get_columns(table)} if looked_at.has_table(table) else set()


def _translate(path: Path, error: BaseException) -> None:
    """Says in our words what SQLite says while a run is at work; what only a bug can cause stays as it is."""
    if _kind(error) in _STUCK:
        raise LedgerStuck(path, str(error))
    if _kind(error) in _DAMAGE:
        raise LedgerDamaged(path, str(error))


def _kind(error: BaseException | None) -> int:
    """SQLite's number of an error; that of damage for a text that does not decode, which has none of its own."""
    unnumbered = sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else sqlite3.SQLITE_OK
    return int(getattr(error, "sqlite_errorcode", unnumbered)) & 0xFF


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    # DELETE and EXTRA: when a commit returns, the file and its folder are on disk (SQLite's own words on EXTRA).
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def salt_of(state: Path, engine: Engine) -> bytes:
    """The 32 bytes that all keys of this ledger are made with; made at the first start.

    :raises SaltMissing: the ledger has keys already, and the file is not there or another one.
    :raises LedgerUnwritable: it can't be made.
    """
    path = state / SALT
    with engine.begin() as connection:
        mark = connection.execute(select(FACTS.c.value).where(FACTS.c.name == "salt_mark")).scalar()
        if mark is None:
            try:
                salt = path.read_bytes() if path.exists() else b""
                if len(salt) != SALT_BYTES:  # a power cut at the very first start leaves an empty file
                    salt = os.urandom(SALT_BYTES)
                write_privately(path, salt)
            except OSError as error:
                raise unwritable(state, error) from None
            connection.execute(insert(FACTS).values(name="salt_mark", value=_mark(salt)))
            return salt
    try:
        salt = path.read_bytes()
    except OSError:
        raise SaltMissing(path) from None
    if len(salt) != SALT_BYTES or _mark(salt) != mark:
        raise SaltMissing(path)
    return salt


def _mark(salt: bytes) -> str:
    return hashlib.blake2b(b"lsq-import ledger", key=salt, digest_size=16).hexdigest()
