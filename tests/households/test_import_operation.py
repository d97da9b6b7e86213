from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from households import digests, queries
from households.importing import cleaning
from households.models import Member, Subject
from households.operations.import_writing import BATCH
from households.operations.importing import ImportMode
from tests.databases import TRANSACTION
from tests.factories import NOON, make_household, make_id_number
from tests.households.stage import (
    CHILD,
    WIFE,
    ZHANG,
    bring_in,
    codes,
    household,
    make_places,
    row,
    stored,
)
from trail.models import AuditEvent
from trail.scope import Scope
from villages.models import Unit


def test_import_writes_households_groups_and_members(load, places, family):
    report = load(*family)
    assert (report.accepted, report.updated, report.unchanged, report.written) == (3, 0, 0, 3)
    unit = Unit.objects.get(village=places.dou, kind=Unit.Kind.GROUP, name="1组")
    subject = household()
    assert (subject.village, subject.unit, subject.name) == (places.dou, unit, "张三")
    assert (subject.kind, subject.state) == (Subject.Kind.HOUSEHOLD, Subject.State.ACTIVE)
    assert subject.publish_choice == Subject.PublishChoice.CODE_ONLY
    assert subject.created_at == NOON
    columns = ("name", "relation", "sex", "birth_on", "id_number", "phone", "away", "note")
    assert list(
        Member.objects.filter(village=places.dou, subject=subject).values_list(*columns)
    ) == [
        ("张三", "户主", "male", date(1980, 3, 5), ZHANG, "13900000001", True, "低保"),
        ("李梅", "妻", "", date(1982, 7, 9), WIFE, "", False, ""),
        ("张小宝", "长子", "", date(2015, 6, 1), CHILD, "", None, ""),
    ]


def test_i35_import_twice_writes_nothing_the_second_time(load, family):
    load(*family)
    before = stored()
    report = load(*family)
    assert (report.accepted, report.updated, report.unchanged, report.written) == (0, 0, 3, 0)
    assert stored() == before


def test_import_counts_an_exact_repeat_as_unchanged(load, family):
    report = load(*family, family[1])
    assert (report.people, report.accepted, report.unchanged) == (3, 3, 1)


def test_import_that_only_checks_reports_the_same_and_writes_nothing(load, family):
    before = stored()
    checked = load(*family, mode=ImportMode.CHECK)
    assert stored() == before
    assert (checked.accepted, checked.written) == (3, 0)
    load(*family)
    changed = ({**family[0], "联系电话": "13900000002"}, *family[1:])
    before = stored()
    checked = load(*changed, mode=ImportMode.CHECK)
    assert (checked.accepted, checked.updated, checked.unchanged) == (0, 1, 2)
    assert stored() == before


def test_i35_import_with_one_bad_row_writes_nothing(load, family):
    before = stored()
    report = load(*family, row("王五", 户号="002", 身份证号="1"))
    assert codes(report.refused) == [(5, "身份证号", "id_length")]
    assert (report.accepted, report.written) == (3, 0)
    assert stored() == before


def test_import_can_leave_bad_rows_out(load, family):
    report = load(*family, row("王五", 户号="002", 身份证号="1"), mode=ImportMode.SKIP_BAD_ROWS)
    assert (report.accepted, report.written, len(report.refused)) == (3, 3, 1)
    assert set(Member.objects.values_list("name", flat=True)) == {"张三", "李梅", "张小宝"}
    headless = Subject.objects.get(number="002")
    assert (headless.name, headless.state) == ("王五", Subject.State.HEADLESS)


def test_import_gives_a_headless_household_its_head_later(load):
    wife = row("李梅", 户主姓名="张三", 与户主关系="妻", 身份证号=WIFE)
    load(row(身份证号="1"), wife, mode=ImportMode.SKIP_BAD_ROWS)
    assert (household().name, household().state) == ("张三", Subject.State.HEADLESS)
    load(row(身份证号=ZHANG), wife)
    assert (household().name, household().state) == ("张三", Subject.State.ACTIVE)


def test_import_keeps_the_head_on_file_when_his_row_is_refused(load, family):
    load(*family)
    load({**family[0], "身份证号": "1"}, *family[1:], mode=ImportMode.SKIP_BAD_ROWS)
    assert (household().name, household().state) == ("张三", Subject.State.ACTIVE)


def test_import_updates_a_changed_phone_and_nothing_else(load, family):
    load(*family)
    before = list(Member.objects.exclude(name="张三").values_list())
    report = load({**family[0], "联系电话": "13900000002"}, *family[1:])
    assert (report.accepted, report.updated, report.unchanged, report.written) == (0, 1, 2, 1)
    head = Member.objects.get(name="张三")
    assert (head.phone, head.id_number, head.note) == ("13900000002", ZHANG, "低保")
    assert bytes(head.phone_hmac) == digests.of_phone("13900000002")
    assert bytes(head.phone_tail_hmac) == digests.of_phone_tail("13900000002")
    assert list(Member.objects.exclude(name="张三").values_list()) == before


def test_import_updates_every_plain_fact(load, family):
    load(*family)
    wife = row(
        "李美",
        户主姓名="张三",
        与户主关系="配偶",
        身份证号=WIFE,
        性别="女",
        是否外出="是",
        备注="返乡",
    )
    wife["性别"] = {"0": "女", "1": "男"}[str(int(WIFE[16]) % 2)]
    report = load(family[0], wife, family[2])
    assert report.updated == 1
    facts = Member.objects.values_list("name", "relation", "sex", "away", "note", "id_number")
    sex = {"女": "female", "男": "male"}[wife["性别"]]
    assert facts.get(relation="配偶") == ("李美", "配偶", sex, True, "返乡", WIFE)


def test_import_leaves_on_file_what_an_empty_cell_does_not_say(load, family):
    load(*family)
    before = stored()
    bare = ("村", "组别", "户号", "姓名", "身份证号")
    load(*({column: cells[column] for column in bare} for cells in family), header=bare)
    assert stored() == before


def test_import_of_a_wrong_phone_keeps_the_right_one(load, family):
    load(*family)
    report = load({**family[0], "联系电话": "139"}, *family[1:])
    assert codes(report.warned) == [(2, "联系电话", "phone_length")]
    assert (report.updated, report.unchanged) == (0, 3)
    assert Member.objects.get(name="张三").phone == "13900000001"


@pytest.mark.parametrize(
    ("born_on", "state"),
    [
        (date(2012, 11, 2), Member.State.AWAITING_CONSENT),
        (date(2012, 11, 1), Member.State.ACTIVE),
    ],
)
def test_import_lets_those_under_14_wait_for_consent(load, born_on, state):
    load(row(身份证号=make_id_number(born_on=born_on)))
    assert Member.objects.get().state == state


def test_import_never_takes_back_a_consent(load, family):
    load(*family)
    Member.objects.filter(name="张小宝").update(state=Member.State.ACTIVE)
    assert load(*family).unchanged == 3
    assert Member.objects.get(name="张小宝").state == Member.State.ACTIVE


def test_import_encrypts_ids_and_phones_at_rest(load, family):
    load(*family)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text, id_number, phone FROM households_member m")
        rows = cursor.fetchall()
    for text, number, phone in rows:
        for secret in (ZHANG, WIFE, CHILD, "13900000001"):
            assert secret not in text
            assert secret.encode() not in bytes(number) + bytes(phone)
            assert secret.encode().hex() not in text
    assert len({bytes(number) for _text, number, _phone in rows}) == 3


@pytest.mark.parametrize("number", [ZHANG, ZHANG.lower(), ZHANG[-4:], "13900000001", "0001"])
def test_members_are_found_by_number_in_scope_only(load, places, family, number):
    load(family[0])
    mine = Scope.for_villages([places.dou.pk], "look")
    next_door = Scope.for_villages([places.liu.pk], "look")
    found = queries.members_with_number(scope=mine, action="look", number=number)
    assert [member.name for member in found] == ["张三"]
    assert not queries.members_with_number(scope=next_door, action="look", number=number)
    assert not queries.members_with_number(scope=mine, action="change", number=number)


def test_member_digests_differ_by_purpose(load):
    load(row(身份证号=ZHANG, 联系电话="13900000001"))
    member = Member.objects.get()
    kept = (member.id_hmac, member.id_tail_hmac, member.phone_hmac, member.phone_tail_hmac)
    assert len({bytes(digest) for digest in kept}) == 4
    assert digests.of_id("0001") != digests.of_phone("0001")
    assert digests.of_id_tail("0001") != digests.of_phone_tail("0001")


def test_import_keeps_rare_characters_byte_for_byte(load):
    names = ["王㛃", "李𠮷", "买买提·艾力", "\ue863某"]
    load(
        *(
            row(name, 户号=f"{order:03}", 身份证号=make_id_number(order=order))
            for order, name in enumerate(names, 1)
        )
    )
    by_number = Subject.objects.order_by("number")
    assert [name.encode() for name in by_number.values_list("name", flat=True)] == [
        name.encode() for name in names
    ]
    assert set(Member.objects.values_list("name", flat=True)) == set(names)


def test_import_leaves_one_audit_event_of_counts(load, places, family):
    load(*family)
    event = AuditEvent.objects.get()
    assert (event.what, event.actor, event.at) == ("households.imported", "林文书", NOON)
    assert event.about == f"villages.township:{places.township.pk}"
    assert event.detail == {
        "households_added": 1,
        "households_updated": 0,
        "people_added": 3,
        "people_updated": 0,
        "unchanged": 0,
        "refused": 0,
        "warned": 0,
        "file_sha256": "ab" * 32,
    }


def test_import_asks_as_often_for_many_rows_as_for_few(load, django_assert_num_queries):
    def people(count):
        for order in range(1, count + 1):
            number = make_id_number(order=order)
            yield row(f"张{order}", 户号=f"{order:03}", 身份证号=number, 备注=f"第{count}次")

    assert BATCH > 90
    # Savepoint and release, lock; register: 4; groups: savepoint, insert, select, release;
    # households, members, event; what they are found by: delete, files, members, insert.
    with django_assert_num_queries(20 + TRANSACTION):
        load(*people(90))
    with django_assert_num_queries(20 + TRANSACTION):
        load(*(cells | {"村": "刘庄村"} for cells in people(1)))
    # Nothing of groups, households and new members; one statement for those changed.
    for count in (30, 60):
        with django_assert_num_queries(11 + TRANSACTION):
            load(*people(count))


def test_imports_at_once_leave_one_set(committed_db, save_sheet, family):
    township = make_places().township
    path = save_sheet(*family)
    both, reports = Barrier(2), []

    def one() -> None:
        both.wait(timeout=20)
        try:
            reports.append(bring_in(township, path))
        finally:
            connection.close()

    threads = [Thread(target=one) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((report.written, report.unchanged) for report in reports) == [(0, 3), (3, 0)]
    assert (Subject.objects.count(), Member.objects.count()) == (1, 3)
    assert AuditEvent.objects.count() == 1


def test_import_waits_for_another_of_the_township(committed_db, save_sheet, family):
    township = make_places().township
    path = save_sheet(*family)
    with transaction.atomic():
        bring_in(township, path)
        with committed_db.as_application() as other, other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            with pytest.raises(Exception, match="lock timeout"):
                cursor.execute(
                    "SELECT 1 FROM villages_township WHERE id = %s FOR NO KEY UPDATE",
                    [township.pk],
                )


def test_member_lives_once_in_a_village(load, family):
    load(*family)
    home = household()
    with pytest.raises(IntegrityError, match="households_member_lives_once_in_a_village"):
        Member.objects.create(
            village_id=home.village_id, subject=home, name="甲", id_hmac=digests.of_id(ZHANG)
        )


def test_subject_number_is_once_per_group(load, family):
    load(*family)
    home = household()
    with pytest.raises(IntegrityError, match="households_subject_number_once_per_group"):
        make_household(village=home.village, unit=home.unit, number="001")


def test_cleaned_texts_fit_their_columns():
    columns = {field.name: field.max_length for field in Member._meta.fields}
    assert columns["relation"] >= cleaning.RELATION_AT_MOST
    assert columns["note"] >= cleaning.NOTE_AT_MOST
    assert columns["name"] >= cleaning.NAME_AT_MOST
