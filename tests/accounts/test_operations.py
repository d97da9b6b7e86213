"""Acts that need two persons: ask, decide, carry out exactly what was approved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import operations
from accounts.models import Proposal
from tests.factories import NOON, make_actor, make_person, make_township, make_village
from trail.actor import Actor
from trail.models import AuditEvent

LOCK, ABOUT, CONTENT = Proposal.Kind.LOCK, "scoring.month:1", "2026-10 940 128"
LATER = NOON + timedelta(hours=1)
EXPIRED = NOON + operations.VALID_FOR


@pytest.fixture
def village(db):
    return make_village(township=make_township())


@pytest.fixture
def lin(db):
    return make_actor(person=make_person(name="林文书"))


@pytest.fixture
def wei(db):
    return make_actor(person=make_person(name="魏监督"), role="supervision_member")


@pytest.fixture
def propose(village, lin):
    def _propose(*, content: str = CONTENT, by: Actor = lin, at=NOON) -> Proposal:
        return operations.propose(
            kind=LOCK, about=ABOUT, village_id=village.pk, content=content, by=by, at=at
        )

    return _propose


@pytest.fixture
def consume(village):
    def _consume(*, content: str = CONTENT, kind=LOCK, about=ABOUT, at=LATER) -> Proposal:
        return operations.consume(
            kind=kind, about=about, village_id=village.pk, content=content, at=at
        )

    return _consume


@pytest.fixture
def approved(propose, wei) -> Proposal:
    return operations.decide(proposal=propose(), approve=True, by=wei, at=NOON)


def test_propose_waits_for_a_second_person_and_is_recorded(propose, lin, village):
    proposal = propose()
    assert (proposal.decision, proposal.proposed_by_id) == ("waiting", lin.person_id)
    assert proposal.expires_at == EXPIRED
    event = AuditEvent.objects.get()
    assert (event.what, event.about, event.village_id) == (
        "proposal.lock.proposed",
        ABOUT,
        village.pk,
    )
    assert event.detail == {
        "proposal": proposal.pk,
        "content_sha256": operations.content_digest(CONTENT).hex(),
    }


def test_propose_twice_is_one_proposal(propose):
    assert propose() == propose(at=LATER)
    assert Proposal.objects.count() == AuditEvent.objects.count() == 1


def test_propose_of_other_content_withdraws_the_older(propose):
    older, newer = propose(), propose(content="2026-10 941 130")
    older.refresh_from_db()
    assert (older.decision, newer.decision) == ("withdrawn", "waiting")


def test_propose_after_expiry_begins_anew(propose):
    older, newer = propose(), propose(at=EXPIRED)
    older.refresh_from_db()
    assert (older.decision, newer.decision) == ("withdrawn", "waiting")


def test_propose_by_another_person_takes_over(propose, wei):
    older, newer = propose(), propose(by=wei)
    older.refresh_from_db()
    assert older.decision == "withdrawn"
    assert newer.proposed_by_id == wei.person_id


def test_the_system_neither_proposes_nor_decides(propose):
    system = Actor.system("scoring.propose_closes")
    with pytest.raises(operations.NeedsAPerson):
        propose(by=system)
    with pytest.raises(operations.NeedsAPerson):
        operations.decide(proposal=propose(), approve=True, by=system, at=NOON)


@pytest.mark.parametrize(("approve", "decision"), [(True, "approved"), (False, "refused")])
def test_decide_keeps_person_time_and_reason(propose, wei, approve, decision):
    proposal = operations.decide(
        proposal=propose(), approve=approve, by=wei, at=LATER, reason="看过清单"
    )
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.decided_by_id) == (decision, wei.person_id)
    assert (proposal.decided_at, proposal.reason) == (LATER, "看过清单")
    assert AuditEvent.objects.latest("id").what == f"proposal.lock.{decision}"


def test_the_same_person_twice_is_refused_whatever_the_account(propose, lin):
    again = Actor(name="林二", role="committee_member", person_id=lin.person_id, user_id=99)
    with pytest.raises(operations.SamePersonTwice, match="要另一个人来确认"):
        operations.decide(proposal=propose(), approve=True, by=again, at=NOON)
    assert Proposal.objects.get().decision == "waiting"


def test_decide_twice_is_refused(approved, wei):
    with pytest.raises(operations.AlreadyDecided):
        operations.decide(proposal=approved, approve=False, by=wei, at=NOON)


def test_decide_after_expiry_is_refused(propose, wei):
    with pytest.raises(operations.AlreadyDecided):
        operations.decide(proposal=propose(), approve=True, by=wei, at=EXPIRED)


def test_consume_uses_an_approval_once(approved, consume):
    assert consume() == approved
    approved.refresh_from_db()
    assert approved.consumed_at == LATER
    with pytest.raises(operations.NoApproval):
        consume()


def test_consume_of_changed_content_or_another_matter_is_refused(approved, consume):
    for changed in (
        {"content": "2026-10 941 130"},
        {"about": "scoring.month:2"},
        {"kind": Proposal.Kind.PUBLICATION},
        {"at": EXPIRED},
    ):
        with pytest.raises(operations.NoApproval):
            consume(**changed)
    approved.refresh_from_db()
    assert approved.consumed_at is None


def test_consume_of_what_waits_or_was_refused_is_refused(propose, consume, wei):
    proposal = propose()
    with pytest.raises(operations.NoApproval):
        consume()
    operations.decide(proposal=proposal, approve=False, by=wei, at=NOON, reason="数目不对")
    with pytest.raises(operations.NoApproval):
        consume()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        (
            "accounts_proposal_decided_by_another_person",
            {"decision": "approved", "decided_by_id": "lin", "decided_at": NOON},
        ),
        ("accounts_proposal_decision_has_person_and_time", {"decision": "approved"}),
        (
            "accounts_proposal_decision_has_person_and_time",
            {"decided_by_id": "wei", "decided_at": NOON},
        ),
        (
            "accounts_proposal_decision_has_person_and_time",
            {"decision": "refused", "decided_by_id": "wei"},
        ),
        ("accounts_proposal_only_approved_is_consumed", {"consumed_at": NOON}),
    ],
)
def test_the_database_refuses_what_no_operation_writes(propose, lin, wei, constraint, values):
    people = {"lin": lin.person_id, "wei": wei.person_id}
    proposal = propose()
    changes = {
        name: people[value] if name == "decided_by_id" else value for name, value in values.items()
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**changes)


def test_the_database_keeps_one_waiting_proposal_per_matter(propose):
    proposal = propose()
    proposal.pk = None
    with (
        pytest.raises(IntegrityError, match="accounts_proposal_one_waits_per_matter"),
        transaction.atomic(),
    ):
        proposal.save(force_insert=True)
