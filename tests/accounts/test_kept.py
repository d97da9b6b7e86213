"""What stays counted whatever the answer is: wrong passwords, wrong PINs, calls of the API.

Each page begins the request's transaction after it has counted, so that a refusal that is raised
and a crash take nothing of it back (T-01, T-13, B-22).
"""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import include, path, resolve
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.endpoints.doors import Staff
from accounts.models import LogInTry
from accounts.transactions import is_late
from desk.faults import bad_request, not_allowed, not_found, server_error
from households.models import CardTry, Member
from jobs.models import Call
from scoring.errors import LedgerRefusal
from tests.accounts.door import CODE, at_door, text, with_codes
from tests.desk.household_stage import set_carded_stage
from tests.factories import (
    make_household,
    make_member,
    make_person,
    make_staff,
    make_township,
    make_village,
)
from trail.models import AuditEvent
from villages.models import Person

handler400, handler403, handler404, handler500 = bad_request, not_allowed, not_found, server_error
WRONG = "谷雨之后不种豆子了"
ENDS = {"crash": ZeroDivisionError, "nothing": NotFound, "refusal": LedgerRefusal}


class Ends(Staff):
    """A door of the API that writes and then raises."""

    def get(self, request, how):
        make_person(name="写过")
        raise ENDS[how]


class Counts(Staff):
    """A door of the API that says how many people of the register it sees."""

    def get(self, request):
        return Response(Member.objects.count())


urlpatterns = [
    path("api/t/ends/<str:how>/", Ends.as_view(), name="ends"),
    path("api/t/counts/", Counts.as_view()),
    path("", include("config.urls")),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def clerk(committed_db):
    village = make_village(township=make_township())
    make_member(household=make_household(village=village))
    return make_staff(name="林文书", role="village_clerk", village=village)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(settings, tmp_path):
    """Breaks a page while it is drawn."""

    def break_(name: str) -> None:
        page = tmp_path / name
        page.parent.mkdir(parents=True)
        page.write_text("{% no_such_tag %}")
        (engine,) = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]

    return break_


@pytest.mark.parametrize(
    "address",
    [
        "/staff/login/", "/staff/login/code/", "/staff/account/again/",
        "/staff/account/again/code/", "/staff/account/password/",
        "/n/ABCDEFGH/", "/h/abc/", "/h/abc/verify/", "/api/v1/me/", "/api/v1/entries/",
        "/api/v1/proposals/1/decision/", "/api/nothing/",
    ],
)  # fmt: skip
def test_the_pages_that_count_begin_late(address):
    assert is_late(resolve(address).func)


@pytest.mark.parametrize("address", ["/", "/staff/", "/staff/account/", "/admin/"])
def test_every_other_page_is_one_transaction(address):
    assert not is_late(resolve(address).func)


def test_t_01_five_wrong_passwords_lock_though_each_answer_breaks(clerk, browser, broken):
    broken("account/login.html")
    for _try in range(5):
        answer = at_door(clerk.username, WRONG, client=browser)
        assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert LogInTry.objects.exclude(name_digest=None).count() == 5
    assert AuditEvent.objects.filter(what="denied.account_locked").count() == 1
    assert AuditEvent.objects.filter(what="denied.log_in").count() == 4
    at_door(clerk.username, client=browser)
    assert "_auth_user_id" not in browser.session


def test_t_01_a_wrong_code_is_counted_though_the_answer_breaks(clerk, browser, broken):
    with_codes(clerk)
    at_door(clerk.username, client=browser)
    before = LogInTry.objects.count()
    broken("mfa/authenticate.html")
    answer = browser.post(CODE, {"code": "000000"})
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert LogInTry.objects.count() == before + 1


def test_t_13_a_wrong_pin_is_counted_whatever_the_answer_is(committed_db, browser, broken):
    carded = set_carded_stage()
    wrong = "000000" if carded.card.pin != "000000" else "111111"
    answer = browser.post(f"{carded.at}verify/", {"pin": wrong})
    assert "验证码不对" in text(answer)
    broken("household/verify.html")
    answer = browser.post(f"{carded.at}verify/", {"pin": wrong})
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert CardTry.objects.filter(subject=carded.home).count() == 2


def test_t_13_a_code_of_nobody_is_counted_though_the_answer_breaks(committed_db, browser, broken):
    broken("household/unknown.html")
    answer = browser.get("/h/abcdefghijklmnop/")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert CardTry.objects.filter(subject__isnull=True).count() == 1


@pytest.mark.parametrize(("how", "status"), [("crash", 500), ("nothing", 404), ("refusal", 409)])
def test_a_call_of_the_api_is_counted_and_nothing_else_of_it_is_kept(clerk, browser, how, status):
    browser.force_login(clerk)
    answer = browser.get(f"/api/t/ends/{how}/")
    assert answer.status_code == status
    assert Call.objects.count() == 1
    assert not Person.objects.filter(name="写过").exists()


def test_i_30_a_row_the_api_has_not_is_one_event(clerk, browser):
    browser.force_login(clerk)
    browser.get("/api/t/ends/nothing/")
    event = AuditEvent.objects.get()
    assert (event.what, event.about) == ("denied.ends", "ends nothing")


def test_the_api_reaches_the_own_village(clerk, browser):
    browser.force_login(clerk)
    assert browser.get("/api/t/counts/").json() == 1
    browser.force_login(make_staff(name="商户", role="merchant", village=make_neighbour(clerk)))
    assert browser.get("/api/t/counts/").json() == 0


def make_neighbour(user):
    return make_village(township=user.person.postings.get().village.township, number=201)
