"""One transaction round each page, and what is kept of the refused ones (I-30, B-24)."""

from http import HTTPStatus

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from accounts.attempts import refused
from accounts.pages import scope_of, staff_page
from desk.faults import bad_request, not_allowed, not_found, server_error
from households.models import Member
from jobs.waking import wake
from scoring.errors import LedgerRefusal
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


def _write() -> None:
    make_person(name="写过")


def _written() -> bool:
    return Person.objects.filter(name="写过").exists()


def plain(request):
    _write()
    return HttpResponse(str(Member.objects.count()))


def answers(request, status):
    _write()
    return HttpResponse("", status=status)


def crashes(request):
    _write()
    raise ZeroDivisionError


def swallows(request):
    _write()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
    except DatabaseError:
        return HttpResponse("all is well")


def streams(request):
    return StreamingHttpResponse(str(Member.objects.count()) for _ in range(2))


def hooks(request):
    transaction.on_commit(_write)
    return HttpResponse("")


@staff_page
def mine(request):
    return HttpResponse(str(Member.objects.count()))


@staff_page
def hidden(request, number):
    _write()
    raise Http404


@staff_page
def impossible(request):
    refused(request, LedgerRefusal())
    return HttpResponse("这个月已经锁定。", status=HTTPStatus.CONFLICT)


urlpatterns = [
    path("", include("config.urls")),
    path("t/plain/", plain),
    path("t/answers/<int:status>/", answers),
    path("t/crashes/", crashes),
    path("t/swallows/", swallows),
    path("t/streams/", streams),
    path("t/hooks/", hooks),
    path("t/mine/", mine, name="mine"),
    path("t/hidden/<str:number>/", hidden, name="hidden"),
    path("t/impossible/", impossible, name="impossible"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def village(committed_db):
    """A village with one member; nothing is in the test's own reach."""
    made = make_village(township=make_township())
    make_member(household=make_household(village=made))
    connection.close()
    return made


@pytest.fixture
def browser(village) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def clerk(browser, village) -> Client:
    browser.force_login(make_staff(name="林文书", role="village_clerk", village=village))
    return browser


def _attempts() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.values_list("what", "about"))


def test_a_page_that_asks_no_scope_reaches_nobody(browser):
    assert browser.get("/t/plain/").content == b"0"
    assert _written()


def test_a_page_of_staff_reaches_the_own_village(clerk):
    assert clerk.get("/t/mine/").content == b"1"
    assert Member.objects.count() == 0


def test_a_role_without_personal_data_reaches_nobody(browser, village):
    browser.force_login(make_staff(name="商户", role="merchant", village=village))
    assert browser.get("/t/mine/").content == b"0"


@pytest.mark.parametrize(
    ("status", "stays"), [(200, True), (404, True), (500, False), (503, False)]
)
def test_an_answer_of_500_and_above_takes_everything_back(browser, status, stays):
    assert browser.get(f"/t/answers/{status}/").status_code == status
    assert _written() is stays


def test_a_crash_takes_everything_back(browser):
    assert browser.get("/t/crashes/").status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert not _written()


def test_a_swallowed_error_of_the_database_is_a_crash(browser):
    answer = browser.get("/t/swallows/")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "系统出了点问题" in answer.content.decode()
    assert not _written()


def test_nothing_is_made_while_it_is_sent(browser):
    assert browser.get("/t/streams/").status_code == HTTPStatus.INTERNAL_SERVER_ERROR


def test_hooks_run_after_the_commit(browser):
    browser.get("/t/hooks/")
    assert _written()


def test_a_hint_waits_for_the_commit(committed_db, monkeypatch):
    """F-07: a worker that is faster than the commit would find no job."""
    sent = []
    monkeypatch.setattr("celery.current_app.send_task", lambda task, kwargs: sent.append(task))
    with transaction.atomic():
        wake("jobs.sweep_jobs")
        assert sent == []
    assert sent == ["jobs.sweep_jobs"]


def test_i_30_a_denied_attempt_outlives_its_404(clerk):
    answer = clerk.get("/t/hidden/12/?name=张三")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert not _written()
    event = AuditEvent.objects.get()
    assert (event.what, event.about) == ("denied.hidden", "hidden 12")
    assert (event.actor, event.request_id) == ("林文书", answer["X-Reference"])
    assert event.address == "127.0.0.1"
    assert event.detail == {"method": "GET"}


def test_b_24_a_refusal_is_one_event(clerk):
    assert clerk.post("/t/impossible/").status_code == HTTPStatus.CONFLICT
    (found,) = _attempts()
    assert found == (f"refused.{LedgerRefusal.code}", "impossible")


def test_only_showing_is_no_act(clerk):
    clerk.get("/t/impossible/")
    assert _attempts() == []


@pytest.mark.parametrize("address", ["/no/such/page/", "/admin/nothing/", "/v/nowhere/"])
def test_a_mistyped_address_is_no_attempt(clerk, address):
    assert clerk.get(address).status_code == HTTPStatus.NOT_FOUND
    assert _attempts() == []


def test_nobody_in_particular_leaves_no_event(browser):
    assert browser.get("/t/hidden/12/").status_code == HTTPStatus.FOUND
    assert browser.get("/v/nowhere/").status_code == HTTPStatus.NOT_FOUND
    assert _attempts() == []


def test_an_address_is_kept_without_what_is_no_number(clerk):
    clerk.get("/t/hidden/张三<b>12'/")
    assert _attempts() == [("denied.hidden", "hidden b12")]


def test_a_session_is_saved_though_the_page_broke(browser, village):
    """Sessions live outside the transaction: log-in survives another page's 500."""
    browser.force_login(make_staff(name="林文书", role="village_clerk", village=village))
    browser.get("/t/crashes/")
    assert browser.get("/t/mine/").status_code == HTTPStatus.OK


def test_the_scope_is_asked_once_a_request(db, rf):
    user = make_staff(
        name="林", role="village_clerk", village=make_village(township=make_township())
    )
    request = rf.get("/")
    request.user = user
    assert scope_of(request) is scope_of(request)


def test_the_transaction_is_the_innermost(settings):
    assert settings.MIDDLEWARE[-1] == "accounts.middleware.ScopedTransaction"
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS", False)
