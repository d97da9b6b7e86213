"""Two persons: what one proposed and another approved is done once, as it was approved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import operations
from accounts.models import Proposal
from accounts.operations import VALID_FOR, AlreadyDecided, NoApproval, SamePersonTwice
from tests.factories import NOON, make_actor, make_person, make_township, make_village
from trail.models import AuditEvent

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def village(db):
    return make_village(township=make_township())


@pytest.fixture
def clerk(db):
    return make_actor()


@pytest.fixture
def second(db):
    return make_actor(person=make_person(name="魏监督"))


def _propose(village, by, *, content="5 18", at=NOON, about="scoring.month:1") -> Proposal:
    return operations.propose(
        kind=Proposal.Kind.LOCK,
        about=about,
        village_id=village.pk,
        content=content,
        by=by,
        at=at,
    )


def _consume(village, **changes) -> Proposal:
    values = {
        "kind": Proposal.Kind.LOCK,
        "about": "scoring.month:1",
        "village_id": village.pk,
        "content": "5 18",
        "at": LATER,
    }
    return operations.consume(**{**values, **changes})


def _approved(village, clerk, second) -> Proposal:
    return operations.decide(proposal=_propose(village, clerk), approve=True, by=second, at=NOON)


def test_i20_approval_is_consumed_once(village, clerk, second):
    proposal = _approved(village, clerk, second)
    assert _consume(village) == proposal
    assert Proposal.objects.get().consumed_at == LATER
    with pytest.raises(NoApproval):
        _consume(village)


@pytest.mark.parametrize(
    "change",
    [
        {"content": "6 18"},
        {"about": "scoring.month:2"},
        {"kind": Proposal.Kind.PUBLICATION},
        {"village_id": 0},
        {"at": NOON + VALID_FOR},
    ],
    ids=lambda change: next(iter(change)),
)
def test_i20_approval_covers_exactly_what_was_approved(village, clerk, second, change):
    _approved(village, clerk, second)
    with pytest.raises(NoApproval):
        _consume(village, **change)
    assert _consume(village)


def test_proposal_is_decided_once(village, clerk, second):
    proposal = _approved(village, clerk, second)
    with pytest.raises(AlreadyDecided):
        operations.decide(proposal=proposal, approve=False, by=second, at=LATER)


def test_expired_proposal_is_not_decided(village, clerk, second):
    with pytest.raises(AlreadyDecided):
        operations.decide(
            proposal=_propose(village, clerk), approve=True, by=second, at=NOON + VALID_FOR
        )


def test_proposing_the_same_again_is_the_same_proposal(village, clerk):
    assert _propose(village, clerk) == _propose(village, clerk, at=LATER)
    assert AuditEvent.objects.count() == 1


def test_new_content_takes_the_place_of_what_still_waits(village, clerk, second):
    old = _propose(village, clerk)
    new = _propose(village, clerk, content="6 20")
    assert Proposal.objects.get(pk=old.pk).decision == Proposal.Decision.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        operations.decide(proposal=old, approve=True, by=second, at=NOON)
    assert operations.decide(proposal=new, approve=True, by=second, at=NOON)


def test_second_person_who_proposes_the_same_does_not_approve_by_it(village, clerk, second):
    _propose(village, clerk)
    own = _propose(village, second)
    with pytest.raises(SamePersonTwice):
        operations.decide(proposal=own, approve=True, by=second, at=NOON)
    with pytest.raises(NoApproval):
        _consume(village)


def test_i30_each_step_of_a_proposal_leaves_one_event(village, clerk, second):
    _approved(village, clerk, second)
    events = AuditEvent.objects.order_by("pk").values_list("what", "person_id")
    assert list(events) == [
        ("proposal.lock.proposed", clerk.person_id),
        ("proposal.lock.approved", second.person_id),
    ]


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"decision": "approved", "decided_at": NOON}, "decided_by_another_person"),
        ({"decision": "approved"}, "decision_has_person_and_time"),
        ({"consumed_at": NOON}, "only_approved_is_consumed"),
    ],
)
def test_i20_database_holds_the_two_persons_too(village, clerk, changes, fact):
    proposal = _propose(village, clerk)
    if "decided_at" in changes:
        changes = {**changes, "decided_by_id": clerk.person_id}
    with (
        pytest.raises(IntegrityError, match=f"accounts_proposal_{fact}"),
        transaction.atomic(),
    ):
        Proposal.objects.filter(pk=proposal.pk).update(**changes)


def test_database_lets_one_proposal_a_matter_wait(village, clerk):
    proposal = _propose(village, clerk)
    proposal.pk = None
    with pytest.raises(IntegrityError, match="accounts_proposal_one_waits_per_matter"):
        proposal.save(force_insert=True)
