"""R01: a village ends in another; nothing of its ledger is touched, and nobody loses a point."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from households.models import Consent, FileChange, Member, Subject
from households.operations.files.keeping import When
from scoring.models import Balance, Entry
from scoring.operations.checking import check
from scoring.operations.village_mergers import CannotBeMerged, merge_villages
from tests.factories import (
    NOON,
    make_actor,
    make_entry,
    make_household,
    make_id_number,
    make_member,
    make_rulebook,
    make_township,
    make_village,
)
from trail.clock import business_date
from trail.models import AuditEvent
from villages.models import Village

TODAY = When(business_date(NOON), "并村批复")


@pytest.fixture
def two(db, time_machine) -> tuple[Village, Village]:
    time_machine.move_to(NOON, tick=False)
    township = make_township()
    source = make_village(township=township, name="刘庄村", number=201)
    into = make_village(township=township, name="窦庄村", number=202)
    item = make_rulebook(village=source).items.get(code="1")
    for number in ("001", "002"):
        home = make_household(village=source, number=number)
        make_member(household=home, id_number=make_id_number(order=int(number)))
        make_entry(household=home, item=item, points=5)
    make_household(village=into, number="001")
    return source, into


def _merge(source: Village, into: Village):
    return merge_villages(source=source, into=into, when=TODAY, by=make_actor(), at=NOON)


def _spendable(subject: Subject) -> int:
    return Balance.objects.get(subject=subject).spendable


def test_files_people_and_points_go_on_in_the_other_village(two):
    source, into = two
    Consent.objects.create(
        village=source,
        subject=source.subjects.first(),
        purpose="publish_masked",
        channel="home",
        given_by="head",
        given_on=TODAY.on,
        recorded_at=NOON,
    )
    before = list(Entry.objects.filter(village=source).values())
    pairs = _merge(source, into)
    assert len(pairs) == 2
    for old, new in pairs:
        old.refresh_from_db()
        assert (old.state, str(new.unit)) == ("closed", "刘庄村1组")
        assert (_spendable(old), _spendable(new)) == (0, 5)
        assert [one.name for one in new.members.all()] == ["张三"]
        assert old.members.get().state == Member.State.LEFT
        assert new.members.get().id_number == old.members.get().id_number
    assert into.subjects.count() == 3
    assert Consent.objects.filter(village=into).count() == 1
    assert list(Entry.objects.filter(village=source, kind="award").values()) == before
    assert FileChange.objects.filter(note="村合并。并村批复").count() == 4
    event = AuditEvent.objects.get(what="villages.merged")
    assert (event.detail["files"], event.detail["points"]) == (2, 10)


def test_both_ledgers_verify_afterwards(two):
    _merge(*two)
    for village in two:
        assert check(village_id=village.pk, village=village.code).problems == []


def test_a_village_is_merged_once_and_only_within_its_township(two):
    source, into = two
    elsewhere = make_village(township=make_township(code="440783104"), name="下湾村", number=227)
    for wrong in (source, elsewhere):
        with pytest.raises(CannotBeMerged):
            _merge(source, wrong)
    _merge(source, into)
    with pytest.raises(CannotBeMerged):
        _merge(source, into)
    assert into.subjects.count() == 3


def test_readers_of_the_old_address_are_led_on(two, client):
    source, into = two
    call_command("merge_villages", village=source.code, into=into.code, note="并村批复")
    page = client.get(f"/v/{source.slug}/").content.decode()
    assert "这个村已经并入窦庄村" in page
    assert f'href="/v/{into.slug}/"' in page


def test_a_new_code_leaves_the_address(two):
    source, into = two
    call_command("recode_village", village=source.code, code="340602101299")
    source.refresh_from_db()
    assert (source.code, source.slug) == ("340602101299", "cun-340602101201")
    for wrong in (into.code, "12", "３４０６０２１０１２９９"):
        with pytest.raises(CommandError):
            call_command("recode_village", village=source.code, code=wrong)
