"""Fixtures of the whole suite: the databases, the keys, a real site, a real worker."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests.databases import CommittedDatabase, clone_of, ensure_template, in_use
from tests.workers import Worker, empty_broker
from trail.keys import ensure_keys

# How long an example takes says something about the machine, not about us.
examples.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("steady")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected stays to the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database_template(django_test_environment, django_db_blocker) -> str:
    """The unconnected template every test database is a copy of."""
    with django_db_blocker.unblock():
        return ensure_template()


@pytest.fixture(scope="session")
def keys() -> Iterator[None]:
    """Keys of this run only."""
    ensure_keys(settings.KEYS_DIR)
    yield
    shutil.rmtree(settings.KEYS_DIR)
    shutil.rmtree(settings.ATTACHMENTS_DIR)


@pytest.fixture(scope="session")
def django_db_setup(database_template, keys, django_db_blocker) -> Iterator[None]:
    """`db` tests share one clone as the application's role; each is rolled back."""
    with clone_of(database_template) as clone, django_db_blocker.unblock(), in_use(clone.name):
        django_db_blocker.block()
        yield
        django_db_blocker.restore()


@pytest.fixture
def committed_db(
    request, database_template, django_db_setup, django_db_blocker
) -> Iterator[CommittedDatabase]:
    """This test's own database: commits are real, other connections see them."""
    if "db" in request.fixturenames:
        pytest.fail("a test is rolled back (db) or commits (committed_db), not both")
    with clone_of(database_template) as clone, django_db_blocker.unblock(), in_use(clone.name):
        yield clone


@pytest.fixture
def live_site(committed_db) -> Iterator[str]:
    """The address of the whole site, served on the test's own database by threads."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def start_worker(committed_db, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start real workers on the test's own database; keywords become environment variables."""
    empty_broker(settings.CELERY_BROKER_URL)
    started: list[Worker] = []

    def start(**more: str) -> Worker:
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(Worker(committed_db, log, more))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
