"""Races on real connections, and databases of which a lock has been taken away on purpose.

A race that cannot go wrong proves nothing: each has a control in which the lock is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread

from django.db import connection, connections, transaction

from tests.databases import CommittedDatabase
from tests.services import wait_for

Act = Callable[[], object]
PATIENCE = 60


class Runner(Thread):
    """An act in a thread with connections of its own; `answer` is what it returned or raised."""

    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self._act = act
        self.answer: object = None

    def run(self) -> None:
        try:
            self.answer = self._act()
        except Exception as error:  # noqa: BLE001 (handed to the test as the answer)
            self.answer = error
        finally:
            connections.close_all()

    def ended(self) -> object:
        self.join(PATIENCE)
        assert not self.is_alive(), "still running"
        return self.answer


def together(*acts: Act) -> list[object]:
    """Start all at the same moment; their answers in order."""
    barrier = Barrier(len(acts), timeout=PATIENCE)

    def at_once(act: Act) -> Act:
        def started() -> object:
            connection.ensure_connection()
            barrier.wait()
            return act()

        return started

    runners = [Runner(at_once(act)) for act in acts]
    for runner in runners:
        runner.start()
    return [runner.ended() for runner in runners]


def begun(act: Act) -> Runner:
    """The act, running."""
    runner = Runner(act)
    runner.start()
    return runner


def begun_and_waiting(act: Act) -> Runner:
    """The act, running until it stands before a lock, or has ended."""
    runner = begun(act)
    wait_for(lambda: not runner.is_alive() or _waiting_for_a_lock(), patience=PATIENCE)
    return runner


def _waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


@contextmanager
def uncommitted(act: Act) -> Iterator[Runner]:
    """The act done in a transaction that commits at the end of the block."""
    done, commit = Event(), Event()

    def act_and_wait() -> object:
        with transaction.atomic():
            try:
                return act()
            finally:
                done.set()
                commit.wait(PATIENCE)

    runner = begun(act_and_wait)
    assert done.wait(PATIENCE)
    try:
        yield runner
    finally:
        commit.set()
        runner.join(PATIENCE)


def rewrite(database: CommittedDatabase, function: str, *changes: tuple[str, str]) -> None:
    """Replace parts of a function of this test's database, as its superuser."""
    with database.as_superuser() as server, server.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
        text = cursor.fetchone()[0]
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        cursor.execute(text)


def without_village_lock(database: CommittedDatabase) -> None:
    """From now on `ledger.enter` locks nothing in this database; `ledger_post` still does."""
    with database.as_superuser() as server, server.cursor() as cursor:
        cursor.execute("CREATE SCHEMA no_lock; GRANT USAGE ON SCHEMA no_lock TO villages_app")
        for name in ("pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"):
            cursor.execute(
                f"CREATE FUNCTION no_lock.{name}(bigint) RETURNS void LANGUAGE sql AS ''"
            )
        cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA no_lock TO villages_app")
        cursor.execute(
            f"ALTER ROLE villages_app IN DATABASE {database.name}"
            " SET search_path = no_lock, public, pg_catalog"
        )
    connections.close_all()
