"""Fixtures of the whole suite: the databases, the keys, a real site, a real worker."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.databases import CommittedDatabase, clone_of, ensure_template, in_use
from trail.keys import ensure_keys


@pytest.fixture(scope="session")
def database_template(django_test_environment, django_db_blocker) -> str:
    """The unconnected template every test database is a copy of."""
    with django_db_blocker.unblock():
        return ensure_template()


@pytest.fixture(scope="session")
def keys() -> Iterator[None]:
    ensure_keys(settings.KEYS_DIR)
    yield
    shutil.rmtree(settings.KEYS_DIR)


@pytest.fixture(scope="session")
def django_db_setup(database_template, keys, django_db_blocker) -> Iterator[None]:
    """`db` tests share one clone as the application's role; each is rolled back."""
    with clone_of(database_template) as clone, django_db_blocker.unblock(), in_use(clone.name):
        django_db_blocker.block()
        yield
        django_db_blocker.unblock()


@pytest.fixture
def committed_db(
    request, database_template, django_db_setup, django_db_blocker
) -> Iterator[CommittedDatabase]:
    """This test's own database: commits are real, other connections see them."""
    if "db" in request.fixturenames:
        pytest.fail("a test is rolled back (db) or commits (committed_db), not both")
    with clone_of(database_template) as clone, django_db_blocker.unblock(), in_use(clone.name):
        yield clone
