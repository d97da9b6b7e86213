"""Consents are followed by the list and the notices; erasing leaves the ledger verifiable."""

from datetime import date

import pytest
from django.db import connection

from accounts.roles import Action
from households import digests
from households.errors import ConsentNotFitting, DateCannotBe
from households.models import Channel, Consent, FileChange, Member, Subject, SubjectSearch
from households.operations.files import people
from households.operations.files.consents import Given
from households.operations.files.facts import Facts
from households.operations.files.homes import Address, renumber
from households.operations.files.keeping import When
from households.queries.consents import waiting_within
from notices import operations as notices
from notices import queries as notice_queries
from notices.models import Notice, NoticeLabel
from scoring.operations import household_consents, sealing
from scoring.queries.verifying import verify
from tests.factories import NOON, make_id_number, make_member, make_unit
from tests.households.files.stage import CHILD_ID
from tests.scoring.stage import Stage, set_stage
from trail.clock import business_date
from trail.models import AuditEvent
from trail.scope import Scope

TODAY = date(2026, 11, 1)
Purpose, GivenBy = Consent.Purpose, Consent.GivenBy
ID_NUMBER, PHONE = make_id_number(), "13812345678"


@pytest.fixture
def stage(db, time_machine) -> Stage:
    time_machine.move_to(NOON, tick=False)
    found = set_stage()
    found.home.name = "欧阳建国"
    found.home.save()
    found.head = make_member(
        household=found.home, name="欧阳建国", id_number=ID_NUMBER, phone=PHONE
    )
    Member.objects.filter(pk=found.head.pk).update(id_hmac=digests.of_id(ID_NUMBER))
    return found


def published(stage: Stage, month: str = "2026-09") -> Notice:
    stage.enter(9, on=date.fromisoformat(f"{month}-12"))
    stage.close(month)
    notice = notice_queries.original(village_id=stage.village.pk, month=month, kind="points")
    proposal = notices.propose_publication(notice=notice, by=stage.clerk, at=NOON)
    notices.approve_publication(
        notice=notice, proposal=proposal, publish_on=business_date(NOON), by=stage.second, at=NOON
    )
    return notices.publish(notice=notice, at=NOON)


def agree(stage: Stage, purpose: Consent.Purpose, by_whom=GivenBy.HEAD, member=None, on=TODAY):
    given = Given(purpose, Channel.HOME, by_whom, on, member)
    household_consents.record_consent(subject=stage.home, given=given, by=stage.clerk, at=NOON)
    return Consent.objects.filter(purpose=purpose).last()


def take_back(stage: Stage, consent: Consent, on=TODAY) -> None:
    household_consents.withdraw_consent(
        subject=stage.home, consent=consent, on=on, by=stage.clerk, at=NOON
    )


def label(notice: Notice) -> str:
    return NoticeLabel.objects.get(notice=notice).label


def events(what: str) -> list[dict]:
    rows = AuditEvent.objects.filter(what=f"households.{what}").order_by("pk")
    return [event.detail for event in rows]


def test_publication_follows_the_consent_and_its_withdrawal(stage):
    notice = published(stage)
    assert label(notice) == ""
    for _twice in range(2):
        consent = agree(stage, Purpose.PUBLISH_MASKED)
    assert label(notice) == "欧阳*国"
    for _twice in range(2):
        take_back(stage, consent)
    assert label(notice) == ""
    assert Subject.objects.get(pk=stage.home.pk).publish_choice == "code_only"
    assert Notice.objects.get(pk=notice.pk).label_version == 2
    assert [one["notices"] for one in events("consent_recorded")] == [1]
    assert [one["notices"] for one in events("consent_withdrawn")] == [1]
    kinds = FileChange.objects.filter(subject=stage.home).values_list("kind", flat=True)
    assert list(kinds) == ["consent", "consent"]


def test_the_row_of_a_household_that_was_renumbered_since_is_found(stage):
    notice = published(stage)
    address = Address(make_unit(village=stage.village, name="9组"), "900")
    renumber(subject=stage.home, address=address, when=When(TODAY), by=stage.clerk, at=NOON)
    agree(stage, Purpose.PUBLISH_MASKED)
    assert label(notice) == "欧阳*国"


def child_of(stage: Stage) -> Member:
    facts = Facts("欧阳小宝", "孙子", id_number=CHILD_ID)
    return people.add_member(
        subject=stage.home, facts=facts, when=When(TODAY), by=stage.clerk, at=NOON
    )


def waiting(stage: Stage) -> list[str]:
    scope = Scope.for_villages([stage.village.pk], Action.MANAGE_FILES)
    return [one.name for one in waiting_within(scope, Action.MANAGE_FILES)]


def test_a_guardian_puts_a_child_on_the_list_and_takes_it_off_again(stage):
    child = child_of(stage)
    assert waiting(stage) == ["欧阳小宝"]
    with pytest.raises(ConsentNotFitting):
        agree(stage, Purpose.FILE, GivenBy.SELF, child)
    consent = agree(stage, Purpose.GUARDIAN, GivenBy.GUARDIAN, child)
    child.refresh_from_db()
    assert child.state == Member.State.ACTIVE
    assert waiting(stage) == []
    assert SubjectSearch.objects.filter(member=child).exists()
    take_back(stage, consent)
    assert waiting(stage) == ["欧阳小宝"]
    assert not SubjectSearch.objects.filter(member=child).exists()


def test_who_turned_14_while_waiting_agrees_alone(stage):
    child = child_of(stage)
    Member.objects.filter(pk=child.pk).update(birth_on=date(2012, 11, 1))
    with pytest.raises(ConsentNotFitting):
        agree(stage, Purpose.GUARDIAN, GivenBy.GUARDIAN, child)
    agree(stage, Purpose.FILE, GivenBy.SELF, child)
    child.refresh_from_db()
    assert child.state == Member.State.ACTIVE


def test_nothing_is_taken_back_before_it_was_given_or_agreed_to_tomorrow(stage):
    consent = agree(stage, Purpose.PHOTO)
    with pytest.raises(DateCannotBe):
        take_back(stage, consent, on=date(2026, 10, 31))
    with pytest.raises(DateCannotBe):
        agree(stage, Purpose.FILE, on=date(2026, 11, 2))


def erase(stage: Stage, member: Member) -> None:
    household_consents.erase_member(
        subject=stage.home, member=member, reason="asked", by=stage.clerk, at=NOON
    )


def stored_text() -> str:
    """Every row of every table as text, encrypted columns as they lie there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND has_table_privilege("
            "quote_ident(table_schema) || '.' || quote_ident(table_name), 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for name in tables:
            cursor.execute(f'SELECT t::text FROM public."{name}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_i_34_erasing_a_person_leaves_nothing_of_it_and_the_ledger_verifies(stage):
    notice = published(stage)
    consent = agree(stage, Purpose.PUBLISH_MASKED)
    stage.enter(5)
    sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
    facts = Facts("欧阳建国", "户主", id_number=ID_NUMBER, phone=PHONE, note="外出务工多年")
    people.correct_member(
        subject=stage.home, member=stage.head, facts=facts, by=stage.clerk, at=NOON
    )
    assert "欧阳建国" in stored_text()
    for _twice in range(2):
        erase(stage, stage.head)
    text = stored_text()
    for private in ("欧阳建国", "欧阳*国", "ouyangjianguo", "外出务工多年", PHONE, ID_NUMBER):
        assert private not in text
    member = Member.objects.get(pk=stage.head.pk)
    assert (member.state, member.name, member.id_number, member.phone) == ("erased", "", "", "")
    assert member.id_hmac is member.id_tail_hmac is member.phone_hmac is None
    assert label(notice) == ""
    consent.refresh_from_db()
    assert Subject.objects.get(pk=stage.home.pk).state == Subject.State.HEADLESS
    assert len(events("member_erased")) == 1
    found = verify(village_id=stage.village.pk, village=stage.village.name)
    assert (found.problems, found.entries) == ([], 2)
