"""这个村还缺谁: each act of two persons, with what is missing in words."""

from datetime import date

import pytest

from accounts import staffing
from accounts.roles import TWO_PERSONS
from tests.factories import make_person, make_posting, make_staff, make_township, make_village

TODAY = date(2026, 11, 1)


@pytest.fixture
def village(db):
    return make_village(township=make_township())


def missing(village) -> dict[str, str]:
    serving = staffing.serving_with_log_ins(township_id=village.township_id, on=TODAY)
    acts = staffing.of_village(serving, village_id=village.pk)
    return {act.kind: act.missing for act in acts}


def test_every_act_is_answered_and_an_empty_village_lacks_both(village):
    told = missing(village)
    assert set(told) == set(TWO_PERSONS)
    assert all("缺提出的人" in words and "缺第二个人" in words for words in told.values())
    assert "还没有人任乡镇管理员、乡镇经办、村文书" in told["lock"]


def test_two_persons_suffice_for_what_they_may_do(village):
    make_staff(name="林文书", role="village_clerk", village=village)
    make_staff(name="魏监督", role="supervision_member", village=village)
    told = missing(village)
    assert {kind for kind, words in told.items() if not words} == {
        "lock", "publication", "reversal", "adoption", "export",
    }  # fmt: skip
    assert "缺提出的人" in told["correction"]
    assert "缺第二个人" not in told["correction"]


def test_i20_one_person_in_both_posts_is_not_two(village):
    zhao = make_staff(name="赵镇长", role="township_administrator", township=village.township)
    assert "提出和确认都只有赵镇长一个人" in missing(village)["lock"]
    make_posting(person=zhao.person, role="supervision_member", village=village)
    assert "提出和确认都只有赵镇长一个人" in missing(village)["lock"]
    make_staff(name="林文书", role="village_clerk", village=village)
    assert missing(village)["lock"] == ""


def test_who_has_no_log_in_is_named_and_not_counted(village):
    make_staff(name="林文书", role="village_clerk", village=village)
    make_posting(person=make_person(name="魏监督"), role="supervision_member", village=village)
    assert missing(village)["lock"] == "缺第二个人：魏监督有任职，还没有能用的账号。"


def test_a_suspended_log_in_does_not_count(village):
    user = make_staff(name="林文书", role="village_clerk", village=village)
    user.is_active = False
    user.save()
    assert "林文书有任职" in missing(village)["lock"]


def test_people_of_another_village_and_past_postings_do_not_count(village):
    other = make_village(township=village.township, number=201)
    make_staff(name="林文书", role="village_clerk", village=other)
    past = make_staff(name="孙从前", role="village_clerk", village=village)
    past.person.postings.update(to_on=date(2026, 10, 31))
    assert "还没有人任" in missing(village)["lock"]


def test_a_township_as_a_whole_asks_who_gives_its_posts(village):
    make_staff(name="林经办", role="township_clerk", township=village.township)
    serving = staffing.serving_with_log_ins(township_id=village.township_id, on=TODAY)
    (act,) = staffing.of_township(serving)
    assert [one.name for one in act.asks] == ["林经办"]
    assert "缺第二个人：还没有人任县级管理员、乡镇管理员、安全管理员" in act.missing


def test_the_question_costs_the_same_for_many(village, django_assert_num_queries):
    for number in range(12):
        make_staff(name=f"采集员{number}", role="collector", village=village)
    with django_assert_num_queries(2):
        staffing.serving_with_log_ins(township_id=village.township_id, on=TODAY)
