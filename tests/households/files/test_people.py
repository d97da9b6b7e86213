"""People of a household: put right, added, gone, back, head; each one line and one event."""

from datetime import date

import pytest

from households.errors import (
    DateCannotBe,
    FactsUnfit,
    FileIsClosed,
    HasAHead,
    HasLeftBefore,
    LivesElsewhere,
    NoteNamesSomebody,
    NothingToChange,
    NotOldEnough,
    NotOnTheList,
)
from households.models import Member, Subject, SubjectSearch
from households.operations.files import departures, heads, people
from households.operations.files.facts import Facts, cleaned
from households.operations.files.keeping import When
from tests.factories import NOON, make_id_number
from tests.households.files.stage import CHILD_ID, TODAY
from trail.models import AuditEvent


def test_correcting_a_member_is_one_line_and_one_event_without_a_name(homes):
    number = make_id_number()
    facts = homes.facts(homes.zhang, name="张叁", phone="13812345678", id_number=number)
    people.correct_member(subject=homes.home, member=homes.zhang, facts=facts, **homes.act())
    member = Member.objects.get(pk=homes.zhang.pk)
    assert (member.name, member.phone, member.id_number) == ("张叁", "13812345678", number)
    assert (member.sex, member.birth_on) == ("male", date(1980, 3, 5))
    assert Subject.objects.get(pk=homes.home.pk).name == "张叁"
    assert homes.changes() == [("corrected", homes.home.pk)]
    event = AuditEvent.objects.get(what="households.member_corrected")
    assert event.about == f"households.subject:{homes.home.pk}"
    fields = {one["field"].rpartition(".")[2] for one in event.detail["changes"]}
    assert fields == {"name", "sex", "birth_on", "phone", "id_number"}
    for private in ("张叁", "张三", "13812345678", number, "1980"):
        assert private not in str(event.detail)


def test_what_is_typed_is_cleaned_as_an_import_cleans_it():
    typed = {"name": "张 三", "relation": "长 子", "phone": "+86 138-1234-5678", "sex": "male"}
    facts = cleaned({**typed, "birth_on": "2001.3.5"}, on=NOON.date())
    assert (facts.name, facts.relation, facts.phone) == ("张三", "长子", "13812345678")
    assert facts.birth_on == date(2001, 3, 5)


def test_what_cannot_be_is_refused_field_by_field():
    typed = {
        "name": "",
        "id_number": "340602198003050011",
        "phone": "12345",
        "birth_on": "2099-1-1",
    }
    with pytest.raises(FactsUnfit) as refusal:
        cleaned(typed, on=NOON.date())
    assert set(refusal.value.facts["fields"]) == {"name", "id_number", "phone", "birth_on"}


def test_the_same_facts_are_no_change(homes):
    facts = homes.facts(homes.wife)
    with pytest.raises(NothingToChange):
        people.correct_member(subject=homes.home, member=homes.wife, facts=facts, **homes.act())
    assert homes.changes() == []


def test_a_new_member_joins_and_a_child_waits_for_the_guardian(homes):
    grown = people.add_member(
        subject=homes.home, facts=Facts("张二", "次子"), when=TODAY, **homes.act()
    )
    child = people.add_member(
        subject=homes.home,
        facts=Facts("张幼", "孙女", id_number=CHILD_ID),
        when=TODAY,
        **homes.act(),
    )
    assert grown.state == Member.State.ACTIVE
    assert (child.state, child.sex) == (Member.State.AWAITING_CONSENT, "male")
    found = SubjectSearch.objects.values_list("member_id", flat=True)
    assert grown.pk in found
    assert child.pk not in found
    assert homes.changes() == [("joined", homes.home.pk)] * 2
    assert homes.events() == ["households.member_added"] * 2


def test_a_member_under_another_name_is_refused_by_the_id(homes):
    number = make_id_number()
    facts = homes.facts(homes.wang, id_number=number)
    people.correct_member(subject=homes.other, member=homes.wang, facts=facts, **homes.act())
    with pytest.raises(LivesElsewhere, match="002户"):
        people.add_member(
            subject=homes.home,
            facts=Facts("王小五", "侄子", id_number=number),
            when=TODAY,
            **homes.act(),
        )
    assert homes.listed(homes.home) == ["张三", "李梅", "张小"]


def test_a_second_head_is_refused(homes):
    with pytest.raises(HasAHead):
        people.add_member(
            subject=homes.home, facts=Facts("张大", "户主"), when=TODAY, **homes.act()
        )


def test_a_death_empties_the_place_of_the_head_and_twice_is_once(homes):
    for _twice in range(2):
        departures.record_death(subject=homes.home, member=homes.zhang, when=TODAY, **homes.act())
    assert homes.listed(homes.home) == ["李梅", "张小"]
    assert Subject.objects.get(pk=homes.home.pk).state == Subject.State.HEADLESS
    assert homes.changes() == [("deceased", homes.home.pk)]
    with pytest.raises(NotOnTheList):
        departures.move_away(subject=homes.home, member=homes.zhang, when=TODAY, **homes.act())
    with pytest.raises(NotOnTheList):
        departures.move_back(
            subject=homes.home, member=homes.zhang, relation="户主", when=TODAY, **homes.act()
        )


def test_who_moved_away_comes_back_as_the_same_person(homes):
    facts = homes.facts(homes.son, id_number=make_id_number(order=3))
    people.correct_member(subject=homes.home, member=homes.son, facts=facts, **homes.act())
    departures.move_away(subject=homes.home, member=homes.son, when=TODAY, **homes.act())
    assert homes.listed(homes.home) == ["张三", "李梅"]
    again = Facts("张小", "长子", id_number=facts.id_number)
    with pytest.raises(HasLeftBefore):
        people.add_member(subject=homes.other, facts=again, when=TODAY, **homes.act())
    departures.move_back(
        subject=homes.home, member=homes.son, relation="长子", when=TODAY, **homes.act()
    )
    assert homes.listed(homes.home) == ["张三", "李梅", "张小"]
    assert [kind for kind, _ in homes.changes()] == ["corrected", "left", "returned"]


def test_another_head_changes_every_relation_in_one_event(homes):
    heads.change_head(
        subject=homes.home,
        head=homes.wife,
        relations={homes.zhang.pk: "夫", homes.son.pk: "儿子"},
        when=TODAY,
        **homes.act(),
    )
    relations = dict(Member.objects.filter(subject=homes.home).values_list("name", "relation"))
    assert relations == {"张三": "夫", "李梅": "户主", "张小": "儿子"}
    assert Subject.objects.get(pk=homes.home.pk).name == "李梅"
    assert homes.events() == ["households.head_changed"]


def test_a_child_heads_no_household(homes):
    Member.objects.filter(pk=homes.son.pk).update(state=Member.State.AWAITING_CONSENT)
    with pytest.raises(NotOldEnough):
        heads.change_head(
            subject=homes.home, head=homes.son, relations={}, when=TODAY, **homes.act()
        )


@pytest.mark.parametrize("note", ["李梅说的", "电话13812345678"])
def test_the_history_keeps_no_name_and_no_number(homes, note):
    with pytest.raises(NoteNamesSomebody):
        departures.move_away(
            subject=homes.home,
            member=homes.wife,
            when=When(NOON.date(), note),
            **homes.act(),
        )
    assert homes.listed(homes.home) == ["张三", "李梅", "张小"]


def test_tomorrow_has_not_happened(homes):
    with pytest.raises(DateCannotBe):
        departures.record_death(
            subject=homes.home, member=homes.wife, when=When(date(2026, 11, 2)), **homes.act()
        )


def test_nothing_is_changed_on_a_closed_file(homes):
    Subject.objects.filter(pk=homes.home.pk).update(state=Subject.State.CLOSED)
    with pytest.raises(FileIsClosed):
        people.add_member(
            subject=homes.home, facts=Facts("张二", "次子"), when=TODAY, **homes.act()
        )
