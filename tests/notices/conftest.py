"""Fixtures over the stage, for tests that are rolled back."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from notices import operations
from notices.models import Notice
from tests.factories import NOON, make_actor, make_person
from tests.notices import stage
from trail.actor import Actor
from trail.clock import business_date
from villages.models import Village


@pytest.fixture
def register() -> Iterator[stage.Register]:
    with stage.registered() as book:
        yield book


@pytest.fixture
def village(db) -> Village:
    return stage.make_xiawan()


@pytest.fixture
def lin(db) -> Actor:
    return make_actor(person=make_person(name="林文书"))


@pytest.fixture
def wei(db) -> Actor:
    return make_actor(person=make_person(name="魏监督"), role="supervision_member")


@pytest.fixture
def drafted(register, village) -> Notice:
    return operations.draft(kind=Notice.Kind.STAR, village=village, month=stage.MONTH, at=NOON)


@pytest.fixture
def approve(lin, wei) -> Callable[..., Notice]:
    def _approve(notice: Notice, *, at: datetime = NOON) -> Notice:
        proposal = operations.propose_publication(notice=notice, by=lin, at=at)
        return operations.approve_publication(
            notice=notice, proposal=proposal, publish_on=business_date(at), by=wei, at=at
        )

    return _approve


@pytest.fixture
def on_show(drafted, approve) -> Notice:
    return operations.publish(notice=approve(drafted), at=NOON)
