"""Files are found by what people say, and only inside the scope."""

import pytest
from django.core.management import call_command

from accounts.roles import Action
from households import digests
from households.models import Member, SubjectSearch
from households.operations.searching import keep_found
from households.queries import searching
from households.queries.searching import Sought
from tests.factories import (
    make_household,
    make_id_number,
    make_member,
    make_township,
    make_unit,
    make_village,
)
from tests.households.stage import household, row
from trail.models import AuditEvent
from trail.scope import Scope

PHONE, NUMBER = "13812345678", make_id_number()


@pytest.fixture
def village(db):
    found = make_village(township=make_township(), name="窦庄村", number=201)
    home = make_household(village=found, number="001", name="曾国强")
    make_member(household=home, name="曾国强")
    make_member(household=home, name="买买提·艾力", relation="婿")
    unit = make_unit(village=found, name="3组")
    second = make_household(village=found, number="012", name="单丽", unit=unit)
    known = make_member(household=second, name="单丽", id_number=NUMBER, phone=PHONE)
    Member.objects.filter(pk=known.pk).update(
        id_hmac=digests.of_id(NUMBER),
        id_tail_hmac=digests.of_id_tail(NUMBER),
        phone_hmac=digests.of_phone(PHONE),
        phone_tail_hmac=digests.of_phone_tail(PHONE),
    )
    keep_found(village_id=found.pk, subject_ids=[home.pk, second.pk])
    return found


def found(village, typed: str) -> list[str]:
    scope = Scope.for_villages([village.pk], Action.VIEW_REGISTER)
    rows = searching.files_sought(scope, Action.VIEW_REGISTER, Sought(typed=typed))
    return [subject.number for subject in rows]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("曾国强", ["001"]),
        ("国强", ["001"]),
        ("zengguoqiang", ["001"]),
        ("Zeng Guo", ["001"]),
        ("zgq", ["001"]),
        ("买买提艾力", ["001"]),
        ("买买提・艾力", ["001"]),
        ("shanli", ["012"]),
        ("sl", ["012"]),
        ("12", ["012"]),
        ("012户", ["012"]),
        ("3组", ["012"]),
        ("3组12", ["012"]),
        ("3组·012户", ["012"]),
        ("1组12", []),
        ("%", []),
        ("王五", []),
        (NUMBER, []),
        (PHONE, []),
    ],
)
def test_a_file_is_found_by_what_people_say(village, typed, numbers):
    assert found(village, typed) == numbers


@pytest.mark.parametrize("typed", [NUMBER, NUMBER[-4:], PHONE, "138-1234-5678", PHONE[-4:]])
def test_a_number_whole_or_by_its_end_finds_the_household(village, typed):
    scope = Scope.for_villages([village.pk], Action.VIEW_REGISTER)
    assert searching.is_personal_number(typed)
    rows = searching.files_with_number(scope, Action.VIEW_REGISTER, typed=typed)
    assert [subject.number for subject in rows] == ["012"]


def test_nothing_is_found_outside_the_scope(village):
    for scope in (Scope(), Scope.for_villages([village.pk + 1], Action.VIEW_REGISTER)):
        rows = searching.files_sought(scope, Action.VIEW_REGISTER, Sought(typed="曾国强"))
        assert list(rows) == []
        assert searching.files_with_number(scope, Action.VIEW_REGISTER, typed=NUMBER) == []


def test_who_waits_for_a_consent_is_found_by_nothing(village):
    member = Member.objects.get(name="单丽")
    member.state = Member.State.AWAITING_CONSENT
    member.save(update_fields=["state"])
    keep_found(village_id=village.pk, subject_ids=[member.subject_id])
    assert not SubjectSearch.objects.filter(member=member).exists()
    scope = Scope.for_villages([village.pk], Action.VIEW_REGISTER)
    assert searching.files_with_number(scope, Action.VIEW_REGISTER, typed=NUMBER) == []


def test_an_import_keeps_what_is_found_and_the_command_writes_the_same_anew(load, family):
    load(*family)
    rows = set(SubjectSearch.objects.values_list("subject_id", "member_id", "key", "initials"))
    # The child under 14 waits.
    assert sorted(key for *_ids, key, _ in rows) == ["张三", "张三", "李梅"]
    load(*family, row("王五", 户主姓名="张三", 与户主关系="岳父", 身份证号=make_id_number(order=9)))
    assert SubjectSearch.objects.filter(subject=household(), initials="ww").exists()
    SubjectSearch.objects.all().delete()
    call_command("rebuild_search")
    again = SubjectSearch.objects.exclude(initials="ww")
    assert set(again.values_list("subject_id", "member_id", "key", "initials")) == rows
    assert AuditEvent.objects.filter(what="households.search_rebuilt").count() == 2
