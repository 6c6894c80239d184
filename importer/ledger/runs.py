"""Which runs there were, on which account and from which sources."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, func, insert, select, update

from importer.blocks import Place
from importer.fingerprints import keyed_digest
from importer.ledger.entries import Account, ActivityState, Run, RunOrder, SourceEntry
from importer.ledger.layouts import layout_from_json, layout_to_json
from importer.ledger.tables import ACCOUNTS, ACTIVITIES, NAMES, ROWS, RUNS, SOURCES
from importer.ledger.traces import (
    PATHS,
    close_what_never_began,
    empty,
    is_used,
    same_files,
    were_refused,
    with_refused_keys,
)
from importer.records import Outcome


@dataclass(frozen=True, slots=True)
class RunBook:
    """The runs of one ledger."""

    engine: Engine
    salt: bytes
    now: Callable[[], datetime]

    def account(self, host: str, access_key: str) -> Account:
        """The account under which activities are remembered; the key itself is not kept."""
        mark = keyed_digest(self.salt, b"access key", access_key.encode()).hex()
        with self.engine.begin() as connection:
            found = connection.execute(
                select(ACCOUNTS.c.id).where(and_(ACCOUNTS.c.host == host, ACCOUNTS.c.key_mark == mark))
            ).scalar()
            if found is None:
                found = secrets.token_hex(8)
                connection.execute(insert(ACCOUNTS).values(id=found, host=host, key_mark=mark))
            named = connection.execute(select(NAMES).where(NAMES.c.account == found)).one_or_none()
        # Four letters that stand for the key, but are not of it, tell two accounts of one host apart.
        label = host if host == access_key else f"{host} ({mark[:4]})"
        return Account(str(found), label) if named is None else Account(named.known_as, label, named.org)

    def named(self, account: Account, org: str) -> Account:
        """Notes what LeadSquared calls the account that some keys open, and gives the account that it is: keys under
        which nothing was sent yet open one that was known by other keys, if it has the same name on the same host.
        """
        with self.engine.begin() as connection:
            known_as = account.id
            if not is_used(connection, RUNS.c.account == account.id):
                host = select(ACCOUNTS.c.host).where(ACCOUNTS.c.id == account.id).scalar_subquery()
                same = and_(NAMES.c.org == org, ACCOUNTS.c.host == host)
                others = (
                    select(NAMES.c.known_as)
                    .join(ACCOUNTS, ACCOUNTS.c.id == NAMES.c.account)
                    .join(RUNS, RUNS.c.account == NAMES.c.known_as, isouter=True)
                    .where(same)
                    .order_by(RUNS.c.number.desc())  # of several, the one that was used last
                    .limit(1)
                )
                known_as = connection.execute(others).scalar() or account.id
            connection.execute(insert(NAMES).values(account=account.id, org=org, known_as=known_as))
        return Account(known_as, account.label, org)

    def begin(self, order: RunOrder) -> tuple[Run, bool]:
        """The run that does what is ordered, and whether it goes on with one that was stopped.

        A run whose keys were refused is begun anew with the right ones, under its own id.
        """
        with self.engine.begin() as connection:
            stopped = and_(RUNS.c.signature == order.signature, RUNS.c.open == 1)
            number = connection.execute(select(func.max(RUNS.c.number)).where(stopped)).scalar()
            continued = number is not None
            refused = with_refused_keys(connection, order) if number is None else None
            if refused is not None:
                number = refused.number
                empty(connection, number)
                values = self._values(order)
                kept = {name: values[name] for name in ("account", "account_label", "signature", "options", "out")}
                connection.execute(
                    update(RUNS)
                    .where(RUNS.c.number == number)
                    .values(**kept, exit_code=None, finished_at=None, whole=0)
                )
            elif number is not None:
                here = RUNS.c.number == number
                # Its files may have moved, and then so have the paths that later commands are to follow.
                paths = {name: order.options[name] for name in PATHS if name in order.options}
                options = connection.execute(select(RUNS.c.options).where(here)).scalar_one() | paths
                connection.execute(
                    update(RUNS).where(here).values(out=order.out, options=options, exit_code=None, finished_at=None)
                )
                _doubt_what_was_in_flight(connection, number)
            else:
                connection.execute(insert(RUNS).values(self._values(order)))
                number = connection.execute(select(func.max(RUNS.c.number))).scalar()
            close_what_never_began(connection, order, but=number)
            return _run_of(connection.execute(select(RUNS).where(RUNS.c.number == number)).one()), continued

    def resumed(self, run: Run) -> Run:
        """A run that something more is done for: it is unfinished again."""
        with self.engine.begin() as connection:
            here = RUNS.c.number == run.number
            connection.execute(update(RUNS).where(here).values(exit_code=None, finished_at=None, open=1))
            _doubt_what_was_in_flight(connection, run.number)
            return _run_of(connection.execute(select(RUNS).where(here)).one())

    def left_open(self, order: RunOrder) -> list[Run]:
        """Runs of the same files and the same mapping file into the same account that have sent something and were not
        finished, but that this order does not go on with: something has changed since.
        """
        query = select(RUNS).where(and_(RUNS.c.open == 1, RUNS.c.account == order.account.id))
        with self.engine.begin() as connection:
            runs = [row for row in connection.execute(query).all() if is_used(connection, RUNS.c.number == row.number)]
        if any(row.signature == order.signature for row in runs):
            return []
        return [_run_of(row) for row in runs if same_files(row.options, order.options)]

    def to_continue(self, order: RunOrder) -> str | None:
        """The id of the run that this order would go on with."""
        stopped = and_(RUNS.c.signature == order.signature, RUNS.c.open == 1)
        query = select(RUNS.c.id).where(stopped).order_by(RUNS.c.number.desc()).limit(1)
        with self.engine.begin() as connection:
            found = connection.execute(query).scalar()
            if found is None and (refused := with_refused_keys(connection, order)):
                found = refused.id
            return found

    def keys_were_refused(self, run: Run) -> bool:
        """Whether a run has come to nothing, since its keys open no account."""
        with self.engine.begin() as connection:
            return were_refused(connection, run.number)

    def may_go_to(self, run: Run, account: Account) -> bool:
        """Whether a run can be gone on with in an account: its own, or with the right keys of the same host."""
        if run.account_id == account.id:
            return True
        hosts = select(ACCOUNTS.c.host).where(ACCOUNTS.c.id.in_((run.account_id, account.id))).distinct()
        with self.engine.begin() as connection:
            same_host = len(connection.execute(hosts).all()) == 1
            return same_host and were_refused(connection, run.number)

    def has_sent(self, run: Run) -> bool:
        """Whether anything of a run is in the account, or may be."""
        with self.engine.begin() as connection:
            return is_used(connection, RUNS.c.number == run.number)

    def may_be_known(self, account: Account, host: str) -> bool:
        """Whether keys under which nothing was sent may open an account which the ledger knows by others of the same
        host: one of the two has not told its name. Keys that nothing was sent under know of nothing, and don't count.
        """
        of_host = select(ACCOUNTS.c.id).where(and_(ACCOUNTS.c.host == host, ACCOUNTS.c.id != account.id))
        if account.org:
            of_host = of_host.where(ACCOUNTS.c.id.not_in(select(NAMES.c.account)))
        with self.engine.begin() as connection:
            if is_used(connection, RUNS.c.account == account.id):
                return False
            return is_used(connection, RUNS.c.account.in_(of_host))

    def _values(self, order: RunOrder) -> dict[str, Any]:
        now = self.now()
        return {
            "id": f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            "account": order.account.id,
            "account_label": order.account.label,
            "signature": order.signature,
            "mapping": order.mapping,
            "options": dict(order.options),
            "out": order.out,
            "started_at": now.isoformat(),
            "open": 1,
        }

    def finish(self, run: Run, exit_code: int, seconds: float, *, still_open: bool, whole: bool = True) -> Run:
        """Notes how a run ended.

        :param seconds: during which it made calls since it was begun or gone on with.
        :param whole: whether all rows of its sources were read.
        """
        with self.engine.begin() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.number == run.number)
                .values(
                    finished_at=self.now().isoformat(),
                    exit_code=exit_code,
                    seconds=RUNS.c.seconds + seconds,
                    whole=int(whole),
                    open=int(still_open),
                )
            )
            return _run_of(connection.execute(select(RUNS).where(RUNS.c.number == run.number)).one())

    def close(self, run: Run) -> Run:
        """Notes that nothing is left to be done for a run: the same order begins a new one from now on."""
        here = RUNS.c.number == run.number
        with self.engine.begin() as connection:
            connection.execute(update(RUNS).where(here).values(open=0))
            return _run_of(connection.execute(select(RUNS).where(here)).one())

    def all(self) -> list[Run]:
        """All runs, the latest first."""
        with self.engine.begin() as connection:
            return [_run_of(row) for row in connection.execute(select(RUNS).order_by(RUNS.c.number.desc()))]

    def find(self, run_id: str | None) -> Run | None:
        """The run of this id, or the latest; None if there is none."""
        query = select(RUNS).order_by(RUNS.c.number.desc()).limit(1)
        with self.engine.begin() as connection:
            found = connection.execute(query if run_id is None else query.where(RUNS.c.id == run_id)).one_or_none()
            return None if found is None else _run_of(found)

    def latest_taken(self) -> Run | None:
        """The latest run whose keys were not refused; the latest of all if there is no such run."""
        runs = self.all()
        return next((run for run in runs if not self.keys_were_refused(run)), runs[0] if runs else None)

    def add_source(self, run: Run, position: int, source: SourceEntry) -> None:
        """Notes a source before its rows; when a run goes on, the file may have moved."""
        here = and_(SOURCES.c.run == run.number, SOURCES.c.position == position)
        with self.engine.begin() as connection:
            connection.execute(delete(SOURCES).where(here))
            connection.execute(
                insert(SOURCES).values(
                    run=run.number,
                    position=position,
                    path=source.place.source,
                    sheet=source.place.sheet,
                    sha256=source.sha256,
                    first=source.first,
                    layout=layout_to_json(source.layout),
                )
            )

    def sources(self, run: Run) -> list[SourceEntry]:
        """The sources of a run in order."""
        query = select(SOURCES).where(SOURCES.c.run == run.number).order_by(SOURCES.c.position)
        with self.engine.begin() as connection:
            found = connection.execute(query).all()
        return [
            SourceEntry(Place(row.path, row.sheet), row.sha256, row.first, layout_from_json(row.layout))
            for row in found
        ]


def _doubt_what_was_in_flight(connection: Connection, run: int) -> None:
    """The run was killed: what it had in flight then is not in flight any more."""
    unknown = select(ROWS.c.key).where(and_(ROWS.c.run == run, ROWS.c.outcome == Outcome.UNKNOWN))
    in_flight = and_(ACTIVITIES.c.run == run, ACTIVITIES.c.state == ActivityState.IN_FLIGHT)
    connection.execute(
        update(ACTIVITIES).where(and_(ACTIVITIES.c.key.in_(unknown), in_flight)).values(state=ActivityState.IN_DOUBT)
    )


def _run_of(row: Row[Any]) -> Run:
    return Run(
        number=row.number,
        id=row.id,
        account_id=row.account,
        account_label=row.account_label,
        mapping=row.mapping,
        options=row.options,
        out=row.out,
        started_at=datetime.fromisoformat(row.started_at),
        finished_at=datetime.fromisoformat(row.finished_at) if row.finished_at else None,
        exit_code=row.exit_code,
        seconds=row.seconds,
        whole=bool(row.whole),
        open=bool(row.open),
    )
