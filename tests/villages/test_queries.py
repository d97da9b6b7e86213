import pytest

from tests.factories import make_person, make_posting, make_township, make_village
from trail.scope import Scope
from villages import queries
from villages.models import CalendarRule, Post, Township, Village, WorkGroup

ACTION = "view_postings"


@pytest.fixture
def places(db):
    township, elsewhere = make_township(), make_township(code="440783104", name="苍城镇")
    for place in (township, elsewhere):
        CalendarRule.objects.create(township=place)
    return [
        make_village(township=township, number=201),
        make_village(township=township, number=202),
        make_village(township=elsewhere, number=227),
    ]


@pytest.fixture
def postings(places):
    """One in each village, and one in the first township as a whole."""
    inside = [make_posting(person=make_person(), village=village) for village in places]
    return [*inside, make_posting(person=make_person(), township=places[0].township)]


def of_village(village: Village) -> Scope:
    return Scope.for_villages([village.pk], ACTION)


def of_township(township: Township) -> Scope:
    villages = frozenset(village.pk for village in township.villages.all())
    return Scope(villages={ACTION: villages}, townships={ACTION: frozenset({township.pk})})


def test_a_village_and_a_township_are_found_by_code_and_address(places):
    assert queries.village_by_code(places[0].code) == places[0]
    assert queries.village_by_slug(places[0].slug) == places[0]
    assert queries.township_by_code("340602101") == places[0].township
    assert queries.villages_of(township_id=places[0].township_id) == places[:2]
    with pytest.raises(Village.DoesNotExist):
        queries.village_by_code("340602101999")


def test_townships_and_calendars_are_those_of_the_villages_in_scope(places):
    for village in places:
        scope = of_village(village)
        assert list(queries.townships_within(scope, ACTION)) == [village.township]
        assert list(queries.calendars_within(scope, ACTION)) == [village.township.calendar]
        assert list(queries.townships_within(scope, "view_jobs")) == []


def test_a_township_without_villages_is_seen_by_those_who_serve_it(db):
    township = make_township()
    assert list(queries.townships_within(of_township(township), ACTION)) == [township]


def test_postings_of_a_village_are_seen_without_those_of_its_township(places, postings):
    for village, posting in zip(places, postings[:3], strict=True):
        scope = of_village(village)
        assert list(queries.postings_within(scope, ACTION)) == [posting]
        assert list(queries.people_within(scope, ACTION)) == [posting.person]


def test_postings_of_a_township_are_all_in_it(places, postings):
    seen = queries.postings_within(of_township(places[0].township), ACTION)
    assert list(seen) == [postings[0], postings[1], postings[3]]


def test_work_groups_are_seen_like_postings(places):
    kind = WorkGroup.Kind.WORK
    groups = [
        WorkGroup.objects.create(township=v.township, village=v, kind=kind, name=f"{v.code}组")
        for v in places
    ]
    whole = WorkGroup.objects.create(township=places[0].township, kind=kind, name="镇工作组")
    assert list(queries.work_groups_within(of_village(places[0]), ACTION)) == groups[:1]
    seen = queries.work_groups_within(of_township(places[0].township), ACTION)
    assert list(seen) == [*groups[:2], whole]


def test_an_empty_scope_reaches_nobody(postings):
    for found in (
        queries.townships_within,
        queries.calendars_within,
        queries.postings_within,
        queries.people_within,
        queries.work_groups_within,
    ):
        assert list(found(Scope(), ACTION)) == []


def test_posts_are_the_same_everywhere(db):
    assert queries.posts().count() == Post.objects.count() > 0
