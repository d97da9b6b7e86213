"""Proposals of every kind: a village's or a township's, with what, why and until when."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts import operations, scope
from accounts.models import Proposal
from accounts.operations import SAYS_WHY, VALID_FOR, NoReasonGiven, NotYours
from accounts.roles import TWO_PERSONS, Action
from tests.factories import (
    NOON,
    make_actor,
    make_person,
    make_posting,
    make_township,
    make_user,
    make_village,
)
from trail.models import AuditEvent
from trail.scope import Scope

LATER = NOON + timedelta(hours=1)
ROLE = {"kind": Proposal.Kind.ROLE, "about": "villages.person:7", "content": "7 auditor"}
WORDS = {"summary": "让周审计任审计员", "because": "原审计员调走"}


@pytest.fixture
def township(db):
    return make_township()


@pytest.fixture
def lin(db):
    return make_actor(person=make_person(name="林文书"))


@pytest.fixture
def wei(db):
    return make_actor(person=make_person(name="魏监督"))


@pytest.fixture
def asked(township, lin):
    return operations.propose(**ROLE, **WORDS, township_id=township.pk, by=lin, at=NOON)


def test_every_kind_says_who_asks_and_who_decides():
    assert set(TWO_PERSONS) == set(Proposal.Kind)
    assert all(pair.asks != pair.decides for pair in TWO_PERSONS.values())


def test_a_proposal_of_a_township_is_reached_by_the_township_and_by_no_village(township, asked):
    village = make_village(township=township)
    action = Action.APPROVE_ROLE
    of_village = Scope(villages={action: frozenset({village.pk})})
    of_township = Scope(townships={action: frozenset({township.pk})})
    assert list(Proposal.objects.within(of_township, action)) == [asked]
    assert list(Proposal.objects.within(of_village, action)) == []
    assert list(Proposal.objects.within(of_township, Action.APPROVE_LOCK)) == []
    elsewhere = Scope(townships={action: frozenset({township.pk + 1})})
    assert list(Proposal.objects.within(elsewhere, action)) == []


def test_i20_approval_of_a_township_is_consumed_there_and_once(township, asked, wei):
    operations.decide(proposal=asked, approve=True, by=wei, at=NOON)
    village = make_village(township=township)
    with pytest.raises(operations.NoApproval):
        operations.consume(**ROLE, village_id=village.pk, at=LATER)
    with pytest.raises(operations.NoApproval):
        operations.consume(**ROLE, township_id=township.pk + 1, at=LATER)
    assert operations.consume(**ROLE, township_id=township.pk, at=LATER) == asked
    assert AuditEvent.objects.first().detail["township"] == township.pk


def test_the_same_again_is_the_same_and_a_village_is_another_home(township, lin, asked):
    village = make_village(township=township)
    again = operations.propose(**ROLE, **WORDS, township_id=township.pk, by=lin, at=LATER)
    there = operations.propose(**ROLE, **WORDS, village_id=village.pk, by=lin, at=LATER)
    assert again == asked
    assert there != asked


@pytest.mark.parametrize("kind", sorted(SAYS_WHY))
def test_what_cannot_be_undone_is_asked_with_a_reason(township, lin, kind):
    with pytest.raises(NoReasonGiven, match="为什么"):
        operations.propose(
            kind=kind,
            about="villages.person:7",
            content="7",
            summary="让周审计任审计员",
            because="  ",
            township_id=township.pk,
            by=lin,
            at=NOON,
        )


def test_who_refuses_says_why(asked, wei):
    with pytest.raises(NoReasonGiven):
        operations.decide(proposal=asked, approve=False, by=wei, at=NOON, reason=" ")
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


def test_who_asked_takes_it_back_and_nobody_else(asked, lin, wei):
    with pytest.raises(NotYours):
        operations.withdraw(proposal=asked, by=wei, at=LATER)
    operations.withdraw(proposal=asked, by=lin, at=LATER, reason="写错了人")
    kept = Proposal.objects.get()
    assert (kept.decision, kept.reason) == (Proposal.Decision.WITHDRAWN, "写错了人")
    assert AuditEvent.objects.latest("pk").what == "proposal.role.withdrawn"
    with pytest.raises(operations.AlreadyDecided):
        operations.withdraw(proposal=asked, by=lin, at=LATER)


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"township_id": None}, "has_one_home"),
        ({"village_id": True}, "has_one_home"),
        ({"asked_because": ""}, "says_what_and_why"),
        ({"summary": ""}, "says_what_and_why"),
        ({"content": ""}, "says_what_and_why"),
        ({"content": "8 auditor"}, "content_has_its_digest"),
    ],
)
def test_database_holds_home_words_and_digest(township, asked, changes, fact):
    if "village_id" in changes:
        changes = {"village_id": make_village(township=township).pk}
    for name, value in changes.items():
        setattr(asked, name, value)
    asked.pk, asked.about = None, "villages.person:8"
    with pytest.raises(IntegrityError, match=f"accounts_proposal_{fact}"), transaction.atomic():
        asked.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"decision": "refused", "decided_at": NOON}, "refusal_has_its_reason"),
        ({"decision": "approved", "decided_at": NOON + VALID_FOR}, "lives_until_it_expires"),
    ],
)
def test_database_holds_the_reason_and_the_end(asked, wei, changes, fact):
    with pytest.raises(IntegrityError, match=f"accounts_proposal_{fact}"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(decided_by_id=wei.person_id, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "waiting", "decided_by_id": None, "decided_at": None},
        {"decision": "refused", "reason": "后悔了"},
        {"reason": "另有说法"},
    ],
)
def test_i20_database_lets_a_decision_be_made_once(asked, wei, changes):
    operations.decide(proposal=asked, approve=True, by=wei, at=NOON)
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(**changes)


def test_i20_database_lets_an_approval_be_carried_out_once(township, asked, wei):
    operations.decide(proposal=asked, approve=True, by=wei, at=NOON)
    operations.consume(**ROLE, township_id=township.pk, at=LATER)
    with pytest.raises(DatabaseError, match="carried out once"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(consumed_at=None)


@pytest.mark.parametrize("column", ["content", "summary", "proposed_by_id", "expires_at"])
def test_the_application_changes_nothing_that_was_asked(asked, wei, column):
    values = {"proposed_by_id": wei.person_id, "expires_at": NOON + 2 * VALID_FOR}
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(**{column: values.get(column, "别的")})
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        asked.delete()


def test_an_act_of_a_township_is_signed_by_who_holds_all_of_it(township):
    village = make_village(township=township)
    whole, part = make_person(name="陶主任"), make_person(name="魏两委")
    make_posting(person=whole, role="township_administrator", township=township)
    make_posting(person=part, role="committee_member", village=village)
    action = Action.APPROVE_REVERSAL
    roles = [
        scope.role_for(make_user(person=person), action=action, township_id=township.pk)
        for person in (whole, part)
    ]
    assert roles == ["township_administrator", None]
