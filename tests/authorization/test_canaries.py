"""Nothing of another village's people is ever shown (B-02, I-33, T-02, T-06), and nothing of what
the database hides even when every query of the site forgets its filter (B-03)."""

import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from accounts import scope as scopes
from accounts.roles import PERSONAL, ROLES
from households.models import Member
from jobs.models import Job
from notices.masking import masked_name
from tests.authorization.canaries import (
    BEHIND_THE_WALL,
    HEAD,
    ID_NUMBER,
    MASKED,
    NAME,
    PHONE,
    Country,
    found_country,
    visitors,
)
from tests.authorization.crawler import Seen, addresses, crawl, routes
from tests.authorization.ground import logged_in
from tests.authorization.leaving import exports, in_the_broker
from tests.factories import NOON
from tests.notices.paper import need_tools
from tests.workers import empty_broker
from trail.models import AuditEvent
from trail.scope import ScopedQuerySet

# The household of the card, as found_country gives it out.
CARDED = "911"
SHOWN = (HEAD, *BEHIND_THE_WALL)
# Who goes the short walk: with names and without, of a village, of a township and of none.
FEW = ("village_clerk", "township_clerk", "auditor", "collector", "household", "anonymous")
FEWER = ("village_clerk", "collector", "household")
EVERYBODY = (*ROLES, "no_post", "household", "anonymous")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def country(db) -> Country:
    need_tools()
    return found_country()


@pytest.fixture
def callbacks(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def without_filter(monkeypatch):
    """Every query of the site forgets in whose villages it may look."""
    monkeypatch.setattr(ScopedQuerySet, "within", lambda rows, scope, action: rows.all())


def _reach(user) -> set[int]:
    scope = scopes.of(user)
    return {village_id for action in PERSONAL for village_id in scope.village_ids(action)}


def _walk(country: Country, who) -> dict[str, tuple[set[int], Seen]]:
    """What each visitor may know of, and what each was shown."""
    starts, walks = addresses(country), {}
    links = 8 if who == EVERYBODY else 3
    for name, client in visitors(country).items():
        if name not in who:
            continue
        user = country.ground.users.get(name)
        files = exports(client, country) if user else {}
        # A sheet looks the same to everybody, and takes its time.
        mine = [one for one in starts if name == "anonymous" or not one.endswith(".pdf")]
        seen = crawl(client, mine, links=links)
        seen.texts.update(files)
        walks[name] = (_reach(user) if user else set(), seen)
    return walks


def _leaks(country: Country, walks, fields) -> list[str]:
    return [
        f"{who}: {leak}"
        for who, (reach, seen) in walks.items()
        for leak in seen.holding(country.forbidden(reach, fields))
    ]


def _ask_for_the_marks(country: Country) -> None:
    """What somebody types is no secret to them, but nothing may write it down."""
    client = logged_in(country.ground.users["village_clerk"])
    for mark in (min(marks) for marks in country.marks[country.far.pk].values()):
        assert client.get("/staff/households/", {"q": mark}).status_code == 200
        assert client.get("/admin/households/member/", {"id_number": mark}).status_code == 400
        assert client.get("/api/v1/subjects/", {"search": mark}).status_code < 500
        assert Client().post("/staff/login/", {"login": mark, "password": mark}).status_code < 500


def _kept() -> str:
    """What the walk left behind in rows that others read: the trail and the jobs."""
    rows = [*AuditEvent.objects.values(), *Job.objects.values()]
    return json.dumps(rows, ensure_ascii=False, default=str)


def _looked(country: Country, walks) -> None:
    """The walk proves that it looked: nearly every route, and each mark where it is allowed."""
    visited = set().union(*(seen.routes for _, seen in walks.values()))
    missed = routes() - visited
    assert len(missed) <= 0.05 * len(routes()), sorted(missed)
    clerk = walks["village_clerk"][1]
    for name in SHOWN:
        marks = country.marks[country.mine.pk][name]
        shown = {mark[-4:] for mark in marks} if name in MASKED else marks
        assert clerk.shows(shown), name
    for form in ("csv", "xlsx"):
        file = clerk.texts[f"register.{form} of v{country.mine.pk}"]
        assert any(mark in file for mark in country.marks[country.mine.pk][NAME])


def _nothing_leaks(country: Country, roles, caplog, callbacks) -> None:
    empty_broker(settings.CELERY_BROKER_URL)
    caplog.set_level(logging.INFO)
    with callbacks(execute=True):
        walks = _walk(country, roles)
    _ask_for_the_marks(country)
    assert _leaks(country, walks, SHOWN) == []
    _looked(country, walks)
    everything = country.forbidden(set(), SHOWN)
    assert [what for mark, what in everything.items() if mark in caplog.text] == []
    assert [what for mark, what in everything.items() if mark in _kept()] == []
    waiting = in_the_broker()
    assert any("desk.export_file" in message for message in waiting)
    told = "".join(waiting)
    assert [what for mark, what in everything.items() if mark in told] == []


def _nothing_leaks_without_filter(country: Country, roles) -> None:
    walks = _walk(country, roles)
    assert _leaks(country, walks, BEHIND_THE_WALL) == []
    # The filter is off indeed: what no wall hides is seen by those who must not.
    clerk = walks["village_clerk"][1]
    assert clerk.shows(country.marks[country.far.pk][HEAD])
    assert clerk.shows(country.marks[country.mine.pk][NAME])


def test_a_few_see_their_own_people_only(country, caplog, callbacks):
    _nothing_leaks(country, FEW, caplog, callbacks)


def test_the_second_wall_holds_alone(country, without_filter):
    _nothing_leaks_without_filter(country, FEWER)


def test_the_mask_is_shown_where_it_is_allowed(country):
    member = Member.objects.get(village=country.mine, name=f"成员丝雀{CARDED[1:]}")
    page = logged_in(country.ground.users["village_clerk"]).get(
        f"/staff/households/{member.subject_id}/"
    )
    text = page.content.decode()
    assert "*" * 14 + str(member.id_number)[-4:] in text
    assert "****" + str(member.phone)[-4:] in text
    assert str(member.id_number) not in text
    assert str(member.phone) not in text


def test_the_text_of_the_papers_is_read(country):
    papers = [one for one in addresses(country) if one.endswith("/print.pdf")]
    seen = crawl(Client(), papers, links=0)
    sheets = [text for text in seen.texts.values() if "Content-Type: application/pdf" in text]
    assert len(sheets) >= len(country.villages)
    for sheet in sheets:
        body = sheet.partition("X-Reference:")[2]
        assert "公示" in body
        assert "手机扫码可核对本公示是否为原件" in body
    masked = {masked_name(mark) for mark in country.marks[country.mine.pk][HEAD]}
    assert any(mask in sheet for mask in masked for sheet in sheets)


def test_a_card_shows_its_own_household_and_no_other(country):
    home = f"/h/{country.card.token}/"
    household = visitors(country)["household"]
    seen = crawl(household, [home, home + "ledger/"], links=0)
    others = {str(number) for number in (912, 913)}
    for text in seen.texts.values():
        body = text.partition("<main")[2]
        assert CARDED in body
        assert "加7分" in body
        assert not any(f"{other}户" in body for other in others)
    assert seen.holding(country.forbidden(set(), SHOWN)) == []
    # A passer-by with the same card learns the public total, and no single entry.
    stranger = crawl(Client(), [home + "ledger/"], links=0)
    assert "加7分" not in stranger.texts[home + "ledger/"]


@pytest.mark.long
def test_b_02_every_role_sees_its_own_people_only(country, caplog, callbacks):
    _nothing_leaks(country, EVERYBODY, caplog, callbacks)


@pytest.mark.long
def test_b_03_the_second_wall_holds_alone_for_every_role(country, without_filter):
    _nothing_leaks_without_filter(country, EVERYBODY)


def test_the_walk_sees_a_leak(country):
    seen = Seen(texts={"/x/": f"… {next(iter(country.marks[country.far.pk][PHONE]))} …"})
    assert seen.holding(country.forbidden(set(), SHOWN)) == [
        f"{PHONE} of village {country.far.pk} at /x/"
    ]
    assert seen.holding(country.forbidden({country.far.pk}, SHOWN)) != []
    named = Seen(texts={"/x/": next(iter(country.marks[country.far.pk][NAME]))})
    assert named.holding(country.forbidden({country.far.pk}, SHOWN)) == []
    assert not named.shows(country.marks[country.far.pk][ID_NUMBER])
