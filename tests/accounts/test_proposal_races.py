"""Two who decide at once: one decides, the other is told. The database alone holds it too."""

from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import operations
from accounts.models import Proposal
from accounts.operations import AlreadyDecided
from tests.factories import NOON, make_actor, make_person, make_township, make_village
from tests.races import together
from trail.models import AuditEvent

DROP = "DROP TRIGGER accounts_proposal_forward ON public.accounts_proposal"


@pytest.fixture
def asked(committed_db) -> Proposal:
    return operations.propose(
        kind=Proposal.Kind.LOCK,
        about="scoring.month:1",
        content="5 18",
        village_id=make_village(township=make_township()).pk,
        by=make_actor(),
        at=NOON,
    )


def _seconds() -> list[int]:
    return [make_person(name=name).pk for name in ("魏监督", "陶主任")]


def test_i20_two_deciders_at_once_decide_once(asked):
    deciders = [make_actor(person=make_person(name=name)) for name in ("魏监督", "陶主任")]
    answers = together(
        *(
            lambda by=by, approve=approve: operations.decide(
                proposal=asked, approve=approve, by=by, at=NOON, reason="看过"
            )
            for by, approve in zip(deciders, (True, False), strict=True)
        )
    )
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["AlreadyDecided", "Proposal"], answers
    assert isinstance(next(one for one in answers if isinstance(one, Exception)), AlreadyDecided)
    winner = next(answer for answer in answers if isinstance(answer, Proposal))
    kept = Proposal.objects.get()
    assert (kept.decision, kept.decided_by_id) == (winner.decision, winner.decided_by_id)
    assert AuditEvent.objects.count() == 2


def _decided_blindly(asked: Proposal) -> list[object]:
    """Two who look before either writes, as if `decide` took no lock."""
    looked = Barrier(2, timeout=30)

    def decide(person_id: int) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT decision FROM accounts_proposal WHERE id = %s", [asked.pk])
            assert cursor.fetchone() == ("waiting",)
            looked.wait()
            cursor.execute(
                "UPDATE accounts_proposal SET decision = 'approved', decided_by_id = %s,"
                " decided_at = %s WHERE id = %s",
                [person_id, NOON, asked.pk],
            )
        return "decided"

    return together(*(lambda pk=pk: decide(pk) for pk in _seconds()))


def test_i20_the_database_refuses_the_second_decision_that_took_no_lock(asked):
    answers = _decided_blindly(asked)
    assert answers.count("decided") == 1
    refused = next(answer for answer in answers if answer != "decided")
    assert isinstance(refused, DatabaseError)
    assert "decided once" in str(refused)


def test_without_that_guard_the_second_decision_replaces_the_first(asked, committed_db):
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        cursor.execute(DROP)
    assert _decided_blindly(asked) == ["decided", "decided"]
