"""The minutes of a meeting, written down on one page and confirmed on another."""

from datetime import timedelta

import pytest

from accounts.models import Proposal
from scoring.models import Adoption, RuleBook
from tests.desk.staff_stage import open_office
from trail import clock


@pytest.fixture
def office(db):
    return open_office()


@pytest.fixture
def book(office) -> RuleBook:
    return office.stage.submit_book()


def _address(office, book: RuleBook) -> str:
    return f"/staff/rules/{office.stage.village.slug}/{book.version}/approve/"


def _typed(**changes) -> dict[str, str]:
    today = clock.today()
    plain = {
        "body": "representatives",
        "number": "村代会〔2026〕3号",
        "adopted_on": today.isoformat(),
        "members": "30",
        "yes": "20",
        "no": "1",
        "abstain": "0",
        "effective_from": (today + timedelta(days=1)).isoformat(),
        "because": "代表会议改了三条",
    }
    return {**plain, **changes}


def _send(client, address: str, **typed: str) -> str:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_i20_from_the_minutes_to_a_book_in_force(office, book):
    address = _address(office, book)
    assert f'href="{address}"' in office.lin.get("/staff/").content.decode()
    asked = _send(office.lin, address, **_typed())
    for words in ("细则生效", "代表会议改了三条", "村代会〔2026〕3号", "村民代表会议", "是您提出的",
                  "办了以后：《新细则》第2版"):  # fmt: skip
        assert words in asked, words
    assert RuleBook.objects.get(pk=book.pk).state == RuleBook.State.SUBMITTED
    page = f"/staff/proposals/{Proposal.objects.get().pk}/"
    assert "同意细则生效" in office.wei.get(page).content.decode()
    assert "办好了" in _send(office.wei, page, act="approve")
    assert RuleBook.objects.get(pk=book.pk).state == RuleBook.State.IN_FORCE
    assert Adoption.objects.get(rulebook=book).present == 21
    assert office.lin.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"yes": "15"}, "到会人数要20，实际16"),
        ({"members": ""}, "应到人数"),
        ({"yes": "很多"}, "人数请写成整数"),
        ({"number": ""}, "请填会议记录编号"),
        ({"because": " "}, "请写明为什么换细则"),
        ({"effective_from": "2020-01-01"}, "生效日期不能早于开会那天"),
    ],
)
def test_t11_what_does_not_adopt_is_told_and_nothing_typed_is_lost(office, book, changes, words):
    page = _send(office.lin, _address(office, book), **_typed(**changes))
    assert words in page
    assert "<title>有问题：" in page
    assert "代表会议改了三条" in page or changes.get("because")
    assert not Proposal.objects.exists()


def test_only_who_may_ask_finds_the_page(office, book):
    for client in (office.wei, office.zhao):
        assert client.get(_address(office, book)).status_code == 404
        assert client.post(_address(office, book), _typed()).status_code == 404
    theirs = office.neighbour.submit_book()
    other = f"/staff/rules/{office.neighbour.village.slug}/{theirs.version}/approve/"
    assert office.lin.get(other).status_code == 404
    assert not Proposal.objects.exists()
