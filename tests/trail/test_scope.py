import pytest

from households.models import Subject
from notices.models import Notice, NoticeBody
from tests.factories import NOON, make_household, make_township, make_village
from trail.scope import Scope
from villages.models import Township, Village


@pytest.fixture
def places(db):
    township, elsewhere = make_township(), make_township(code="440783104", name="苍城镇")
    return [
        make_village(township=township, number=201),
        make_village(township=township, number=202),
        make_village(township=elsewhere, number=227),
    ]


def test_an_empty_scope_reaches_nothing(places):
    make_household(village=places[0])
    for model in (Township, Village, Subject):
        assert list(model.objects.within(Scope(), "view_register")) == []
    assert not Scope().allows("view_register")


def test_a_scope_reaches_its_villages_for_its_actions_only(places):
    rows = [make_household(village=village) for village in places]
    scope = Scope.for_villages([places[0].pk], "view_register", "view_jobs")
    assert list(Subject.objects.within(scope, "view_register")) == rows[:1]
    assert list(Village.objects.within(scope, "view_jobs")) == places[:1]
    assert list(Subject.objects.within(scope, "view_ledger")) == []
    assert scope.allows("view_jobs")
    assert not scope.allows("view_ledger")


def test_a_path_over_another_model_is_followed(places):
    for number, village in enumerate(places):
        notice = Notice.objects.create(
            village=village, kind="points", number="1", title="公示", created_at=NOON
        )
        NoticeBody.objects.create(
            notice=notice, canonical="{}", content_sha256=b"\x01", short_code=f"{number:012}"
        )
    scope = Scope.for_villages([places[1].pk], "view_notices")
    [body] = NoticeBody.objects.within(scope, "view_notices")
    assert body.notice.village == places[1]


def test_townships_are_reached_as_a_whole_only(places):
    township = places[0].township
    whole = Scope(townships={"view_postings": frozenset({township.pk})})
    assert list(Township.objects.within(whole, "view_postings")) == [township]
    parts = Scope.for_villages([places[0].pk], "view_postings")
    assert list(Township.objects.within(parts, "view_postings")) == []
