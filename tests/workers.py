"""A real Celery worker on a test's own database, to be killed at will."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import redis

from config.services.process import Child
from tests.databases import CommittedDatabase
from tests.services import ROOT, wait_for


class Worker:
    """`celery worker` with one pool process, ready for tasks when it is made."""

    def __init__(self, database: CommittedDatabase, log: Path, more: Mapping[str, str]) -> None:
        self.log = log
        self._child = Child(
            [
                *(sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"),
                *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            ],
            log=log,
            environ={**database.environ, **more},
            cwd=ROOT,
        )
        wait_for(lambda: " ready." in log.read_text() or not self._child.alive)
        assert self._child.alive, log.read_text()

    @property
    def alive(self) -> bool:
        return self._child.alive

    def kill(self) -> None:
        """kill -9 of the worker and its pool, at once; a dead one stays dead."""
        self._child.stop(signal.SIGKILL, patience=10)

    def stop(self) -> None:
        """Ask it to end: it finishes what it is doing."""
        self._child.stop(signal.SIGTERM, patience=40)


def empty_broker(url: str) -> None:
    """Forget every message of earlier tests in this process's broker database."""
    client = client_of(url)
    client.flushdb()
    client.close()


def client_of(url: str) -> redis.Redis:
    """The broker's database as such."""
    address = urlsplit(url)
    if address.scheme.endswith("+socket"):
        number = int(parse_qs(address.query)["virtual_host"][0])
        return redis.Redis(unix_socket_path=address.path, db=number)
    return redis.Redis.from_url(url)
