"""Opening the ledger: one holder at a time, files for their owner only, and nothing but a sound ledger of ours."""

import hashlib
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from importer.errors import ConfigurationError, ExitCode, LedgerBusy, LedgerError
from importer.ledger.tables import ADDED_LATER, BAD_ROWS, FACTS, METADATA, NAMES, PASSAGES, SCHEMA_VERSION, STRETCHES

LEDGER: Final = "ledger.sqlite"
SALT: Final = "ledger.salt"
LOCK: Final = "ledger.lock"
HOLDER: Final = "ledger.holder"

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


class LedgerDamaged(LedgerError):
    """The ledger file can't be read as what it should be."""

    code = "ledger-damaged"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The ledger {path} is damaged: {what}. Nothing more is sent.",
            "Put back a copy from a backup, together with ledger.salt. Without it, rows that were imported before "
            "can't be recognised: only if you accept that, move the file away and start with an empty ledger.",
        )


class LedgerTooNew(LedgerError):
    """A later version of the program has written the ledger."""

    code = "ledger-too-new"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The ledger {path} was written by a newer version of lsq-import. Nothing was sent.",
            "Update with: pip install --upgrade leadsquared-importer",
        )


class SaltMissing(LedgerError):
    """The ledger's salt is not the one that its keys were made with."""

    code = "ledger-salt"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is missing or not the one that belongs to this ledger. Nothing was sent.",
            "Put back the copy from the same backup as ledger.sqlite: without it, no row that was imported before can "
            "be recognised, and all would be posted again.",
        )


class LedgerStuck(LedgerError):
    """The ledger took no more while a run was at work: the disk is full, or gone."""

    exit_code = ExitCode.STOPPED_EARLY

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The ledger {path} can't be read or written: {why}. Nothing more was sent.",
            "Make room on its disk, or close the program that has it open; then run the same command again, and it "
            "goes on where it stopped.",
        )


class LedgerUnwritable(ConfigurationError):
    """The ledger's folder can't be used."""

    code = "ledger-unwritable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The ledger's folder {path} can't be written: {why}. Nothing was sent.",
            "Choose another folder with --state or LSQ_STATE_DIR; it must stay the same from run to run.",
        )


@contextmanager
def hold(
    state: Path, now: datetime, *, wait: bool = False, told: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Keeps the ledger to this process.

    :param wait: whether to wait for another process that has it; `told` is told that we do.
    :raises LedgerBusy: another process has it; the error names it.
    :raises LedgerUnwritable: the folder can't be made or written.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(state / LOCK, mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait:
                raise
            told(f"waiting for another run to end: {_holder(state)}.")
            lock.acquire(poll_interval=0.2)
    except Timeout:
        raise LedgerBusy(str(state / LEDGER), _holder(state)) from None
    except OSError as error:
        raise LedgerUnwritable(state, error.strerror or type(error).__name__) from None
    try:
        _write_privately(
            state / HOLDER,
            json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}).encode(),
        )
        yield
    finally:
        (state / HOLDER).unlink(missing_ok=True)
        lock.release()


def is_held(state: Path) -> bool:
    """Whether a process keeps the ledger to itself at this moment."""
    try:
        with FileLock(state / LOCK, mode=0o600).acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _holder(state: Path) -> str:
    try:
        facts = json.loads((state / HOLDER).read_text(encoding="utf-8"))
        return f"process {facts['process']} on {facts['host']}, since {_in_words(facts['since'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just started or is ending"


def _in_words(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


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
        raise LedgerUnwritable(state, error.strerror or type(error).__name__) from None
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "timeout": 30},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if not sound:
                _look_through(path, connection)
            _make_sure_it_is_ours(path, connection)
    except DatabaseError as error:
        engine.dispose()
        if _kind(error.orig) in _STUCK:
            raise LedgerUnwritable(state, str(error.orig)) from None
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
    for table in (NAMES, STRETCHES, BAD_ROWS, PASSAGES):
        table.create(connection, checkfirst=True)  # ledgers of the first days have none, and lack nothing
    for column in ADDED_LATER:
        if column.name not in {each["name"] for each in inspect(connection).get_columns(column.table.name)}:
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} {kind}")
    for table in METADATA.sorted_tables:
        connection.execute(select(table).limit(1))  # all tables and columns are there


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
    """
    path = state / SALT
    with engine.begin() as connection:
        mark = connection.execute(select(FACTS.c.value).where(FACTS.c.name == "salt_mark")).scalar()
        if mark is None:
            salt = path.read_bytes() if path.exists() else b""
            if len(salt) != SALT_BYTES:  # a power cut at the very first start leaves an empty file
                salt = os.urandom(SALT_BYTES)
            _write_privately(path, salt)
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


def _write_privately(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
