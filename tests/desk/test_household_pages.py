"""The pages behind the code on a card: what anybody sees, what the PIN opens, what is proven."""

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from households.models import CardTry, Subject
from households.operations import cards
from scoring.operations import sealing
from tests.desk.household_stage import NAME, Carded, set_carded_stage
from tests.factories import NOON, make_household
from trail.models import AuditEvent

FORMAT = Path(settings.BASE_DIR) / "docs" / "ledger-format.md"
BEHIND_THE_PIN = ("减", "可兑", "累计积分", "兑换", "冲正", "条目minus")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def carded(db) -> Carded:
    return set_carded_stage()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def wrong(carded: Carded) -> str:
    return f"{(int(carded.card.pin) + 1) % 10**6:06}"


@pytest.fixture
def opened(client, carded) -> Client:
    """A phone that has shown the PIN."""
    response = client.post(f"{carded.at}verify/", {"pin": carded.card.pin})
    assert (response.status_code, response["Location"]) == (302, f"{carded.at}ledger/")
    return client


def test_anybody_with_the_code_sees_label_gross_and_plus(client, carded):
    text = text_of(client, carded.at)
    assert "张*三 户" in text
    assert "1组 · 027户" in text
    assert "<strong>40</strong>" in text
    assert "截至2026年10月31日。10月加40分。" in text
    assert 'href="tel:0561-3900001"' in text


def test_a_household_that_chose_its_code_alone_shows_no_name(client, carded):
    Subject.objects.filter(pk=carded.home.pk).update(publish_choice=Subject.PublishChoice.CODE_ONLY)
    text = text_of(client, carded.at)
    assert "1组 · 027户" in text
    assert "张*" not in text
    assert NAME[1:] not in text


def test_p_28_before_the_pin_no_page_holds_what_a_deduction_could_be_computed_from(client, carded):
    """Gross 40 and plus 40 are all; earned is 36, spendable 30, spent 6, the deduction 4."""
    for page in ("", "verify/"):
        text = text_of(client, carded.at + page)
        assert NAME not in text
        assert [word for word in BEHIND_THE_PIN if word in text] == []
        figures = re.findall(r"\d+", re.sub(r"<[^>]*>", " ", text[text.index("<main") :]))
        assert set(figures).isdisjoint({"36", "30", "4"})
    village = carded.stage.village
    for address in ("/", f"/v/{village.slug}/", f"/v/{village.slug}/n/", f"/v/?q={village.name}"):
        assert NAME not in client.get(address, follow=True).content.decode()
    notice = text_of(client, f"/v/{village.slug}/n/2026-10-points-1/")
    (row,) = re.findall(r'<tr role="row" id="r\d+">(.*?)</tr>', notice, re.S)
    assert re.findall(r"\d+", re.sub(r"<[^>]*>", " ", row)) == ["1", "027", "40", "40"]


@pytest.mark.parametrize("page", ["ledger/", "proof.json"])
def test_p_28_without_the_pin_entries_and_proof_lead_to_the_question(client, carded, page):
    response = client.get(carded.at + page)
    assert (response.status_code, response["Location"]) == (302, f"{carded.at}verify/")
    assert response.content == b""


def test_the_pin_shows_every_entry_in_words(opened, carded):
    text = text_of(opened, f"{carded.at}ledger/")
    for words in ("加37分", "加19分", "减4分", "减19分", "加3分", "减6分", "条目minus", "兑换"):
        assert words in text
    sums = [int(found) for found in re.findall(r"<dd>(-?\d+)<small>", text)]
    assert sums == [40, 36, 30]
    rest = re.findall(r'class="rest">(-?\d+)', text)
    assert rest == ["30", "36", "55", "52", "56", "37"]
    assert 'href="?page=1#n2">更正第2笔' in text
    assert 'href="?page=1#n5">已由第5笔更正' in text
    assert "可兑积分比累计积分少 6 分" in text
    # Own sums at once on the first page, too.
    assert "到现在为止" in text_of(opened, carded.at)


def test_every_sealed_entry_says_that_it_is_unchanged(opened, carded):
    text = text_of(opened, f"{carded.at}ledger/")
    assert "没有改动：6 笔都在账本里，第1号封账之后没有改动。" in text
    assert text.count("在账本里，封账后没有改动") == 6
    carded.stage.enter(2, on=date(2026, 11, 1))
    text = text_of(opened, f"{carded.at}ledger/")
    assert "还有 1 笔是封账以后记的" in text
    assert text.count("还没封账") == 1


def test_entries_can_be_chosen_by_month_and_category(opened, carded):
    carded.stage.enter(2, on=date(2026, 11, 1))
    at = f"{carded.at}ledger/"
    assert text_of(opened, f"{at}?month=2026-11").count('role="rowheader"') == 1
    assert text_of(opened, f"{at}?category=家庭美德").count('role="rowheader"') == 1
    for nonsense in ("?month=2020-01", "?category=x", "?page=999999", "?page=-1"):
        assert text_of(opened, at + nonsense).count('role="rowheader"') == 7


@pytest.mark.parametrize("entries", [1, 60])
def test_the_ledger_takes_seven_queries_for_any_number(
    opened, carded, entries, django_assert_num_queries
):
    for _ in range(entries):
        carded.stage.enter(1, on=date(2026, 11, 1))
    sealing.seal(village_id=carded.stage.village.pk, by=carded.stage.clerk, at=NOON)
    with django_assert_num_queries(7):
        text = text_of(opened, f"{carded.at}ledger/")
    assert text.count('role="rowheader"') == min(entries + 6, 50)
    assert ("第1页，共2页" in text) == (entries == 60)


def test_the_first_page_takes_few_queries(client, carded, django_assert_num_queries):
    with django_assert_num_queries(5):
        text_of(client, carded.at)


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda code: code[:-1], lambda code: code[:-1] + "!", lambda code: "ZZZZZZZZZZ"],
)
def test_p_29_every_code_but_the_card_s_gets_the_same_bytes(client, carded, change):
    code = change(carded.card.token)
    if code == carded.card.token:
        pytest.skip("this token has no lower case")
    answers = {client.get(f"/h/{code}/{page}").content for page in ("", "verify/", "ledger/")}
    old = carded.card.token
    cards.withdraw_card(subject=carded.home, by=carded.stage.clerk, at=NOON)
    withdrawn = client.get(f"/h/{old}/")
    answers |= {withdrawn.content, client.get("/h/0000000000/").content}
    assert withdrawn.status_code == 404
    assert len(answers) == 1
    assert "这个码已换新，请看门牌上的新码或打电话" in withdrawn.content.decode()


def test_p_29_the_eleventh_unknown_code_of_a_minute_is_refused(client, carded, time_machine):
    statuses = [client.get(f"/h/AAAAAAAAA{number}/").status_code for number in range(10)]
    assert statuses == [404] * 10
    for address in ("/h/AAAAAAAAAA/", carded.at, f"{carded.at}verify/"):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (429, "60")
        assert "电话" in response.content.decode()
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert other.get(carded.at).status_code == 200
    time_machine.move_to(NOON + timedelta(minutes=1))
    assert client.get(carded.at).status_code == 200
    assert AuditEvent.objects.filter(what="households.addresses_guessed").count() == 1


def test_a_phone_that_is_let_in_stays_so_when_its_network_guesses(opened, carded):
    for number in range(11):
        Client().get(f"/h/AAAAAAAAA{number}/")
    assert opened.get(carded.at).status_code == 200
    assert Client().get(carded.at).status_code == 429


def test_p_30_six_wrong_pins_and_the_card_rests(client, carded, time_machine):
    at = f"{carded.at}verify/"
    answers = [client.post(at, {"pin": wrong(carded)}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 2
    assert "验证码不对" in answers[0].content.decode()
    last = answers[-1].content.decode()
    assert "请过15分钟再试" in last
    assert 'href="tel:0561-3900001"' in last
    assert client.post(at, {"pin": carded.card.pin}).status_code == 429
    time_machine.move_to(NOON + timedelta(minutes=15))
    assert client.post(at, {"pin": carded.card.pin}).status_code == 302


def test_g_19_what_is_no_pin_is_told_beside_the_field(client, carded):
    response = client.post(f"{carded.at}verify/", {"pin": "12 34"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>有问题：填户主验证码" in text
    assert text.index("有 1 处要改") < text.index("<h1")
    assert text.count("请填卡片上的6位数字") == 2
    assert 'aria-invalid="true" aria-describedby="pin-problem"' in text
    assert not CardTry.objects.exists()


def test_the_field_takes_digits_by_hand_or_paste(client, carded):
    text = text_of(client, f"{carded.at}verify/")
    (field,) = re.findall(r"<input id=\"pin\"[^>]*>", text)
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field
    assert 'autocomplete="off"' not in field


def test_the_cookie_is_for_this_card_this_phone_and_thirty_days(opened, carded, time_machine):
    cookie = opened.cookies["card"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["max-age"]) == (carded.at, 30 * 24 * 3600)
    assert cookie["samesite"] == "Lax"
    neighbour = make_household(village=carded.stage.village)
    other = cards.issue_card(subject=neighbour, by=carded.stage.clerk, at=NOON)
    assert (
        Client().get(f"{carded.at}ledger/", headers={"cookie": f"card={cookie.value}"}).status_code
        == 200
    )
    for bad in (cookie.value[:-1], "open", f"open:{cookie.value}"):
        answer = Client().get(f"{carded.at}ledger/", headers={"cookie": f"card={bad}"})
        assert answer.status_code == 302
    elsewhere = Client().get(
        f"/h/{other.token}/ledger/", headers={"cookie": f"card={cookie.value}"}
    )
    assert elsewhere.status_code == 302
    time_machine.move_to(NOON + timedelta(days=30, seconds=1))
    late = Client().get(f"{carded.at}ledger/", headers={"cookie": f"card={cookie.value}"})
    assert late.status_code == 302


def test_this_is_not_my_phone_closes_it(opened, carded):
    assert "这不是我的手机" in text_of(opened, carded.at)
    assert opened.get(f"{carded.at}forget/").status_code == 405
    response = opened.post(f"{carded.at}forget/")
    assert response["Location"] == carded.at
    assert response.cookies["card"]["path"] == carded.at
    assert opened.get(f"{carded.at}ledger/").status_code == 302


def test_a_renewed_card_lets_no_phone_stay(opened, carded):
    renewed = cards.issue_card(
        subject=carded.home, by=carded.stage.clerk, at=NOON + timedelta(hours=1)
    )
    assert opened.get(f"{carded.at}ledger/").status_code == 404
    held = opened.cookies["card"].value
    for at in (carded.at, f"/h/{renewed.token}/"):
        answer = Client().get(f"{at}ledger/", headers={"cookie": f"card={held}"})
        assert answer.status_code in (302, 404)


@pytest.mark.parametrize("page", ["", "verify/", "ledger/", "proof.json"])
def test_p_32_no_page_is_kept_or_listed_or_told_to_others(opened, carded, page):
    for at in (carded.at, "/h/0000000000/"):
        response = opened.get(at + page)
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


def test_the_pin_needs_our_own_form(carded):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"{carded.at}verify/", {"pin": carded.card.pin})
    assert response.status_code == 403
    assert "可能离开太久了" in response.content.decode()
    assert strict.post(f"{carded.at}forget/").status_code == 403


@pytest.mark.parametrize(
    ("header", "proxied", "network"),
    [
        ("203.0.113.5", False, "127.0.0.1"),
        ("10.0.0.1, 203.0.113.5", True, "203.0.113.5"),
        ("", True, "127.0.0.1"),
    ],
)
def test_only_our_own_proxy_says_where_a_request_comes_from(
    client, carded, settings, header, proxied, network
):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxied else None
    client.get("/h/0000000000/", headers={"x-forwarded-for": header})
    assert CardTry.objects.get().network == network


def documented_check(tmp_path: Path, file: bytes) -> subprocess.CompletedProcess[str]:
    """The program of the format page: the functions of the example, then the lines of the proof."""
    blocks = re.findall(r"```python\n(.*?)```", FORMAT.read_text(), re.S)
    functions = next(block for block in blocks if "def digest(" in block).partition("\nAT, ")[0]
    lines = next(block for block in blocks if "proof.json" in block)
    assert len(lines.splitlines()) <= 14
    (tmp_path / "proof.json").write_bytes(file)
    (tmp_path / "check.py").write_text(functions + "\n" + lines)
    return subprocess.run(
        [sys.executable, "-I", "check.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_is_checked_by_the_documented_program(opened, carded, tmp_path):
    carded.stage.enter(2, on=date(2026, 11, 1))
    response = opened.get(f"{carded.at}proof.json")
    assert response["Content-Disposition"] == 'attachment; filename="proof.json"'
    found = json.loads(response.content)
    assert len(found["entries"]) == 7
    (seal,) = found["seals"]
    assert len(seal["proofs"]) == 6
    ((number, code),) = [tuple(one.values()) for one in seal["notices"]]
    assert number == "2026-10-points-1"
    assert opened.get(f"/n/{code}/").status_code == 200
    assert NAME not in response.content.decode()
    checked = documented_check(tmp_path, response.content)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.count("True") == 6
    altered = response.content.replace(b'"points": -4', b'"points": -3')
    assert altered != response.content
    checked = documented_check(tmp_path, altered)
    assert (checked.stdout.count("True"), checked.stdout.count("False")) == (5, 1)


def test_the_file_also_holds_the_seal_that_stands_on_paper(opened, carded, tmp_path):
    carded.stage.enter(2, on=date(2026, 11, 1))
    sealing.seal(village_id=carded.stage.village.pk, by=carded.stage.clerk, at=NOON)
    response = opened.get(f"{carded.at}proof.json")
    seals = json.loads(response.content)["seals"]
    assert [(seal["number"], len(seal["proofs"])) for seal in seals] == [(2, 7), (1, 6)]
    assert [len(seal["notices"]) for seal in seals] == [0, 1]
    assert documented_check(tmp_path, response.content).stdout.count("True") == 13


def test_before_the_first_seal_the_page_says_so(client, db):
    carded = set_carded_stage(sealed=False)
    assert "还没有公布过的月份" in text_of(client, carded.at)
    client.post(f"{carded.at}verify/", {"pin": carded.card.pin})
    assert "本村还没有封过账" in text_of(client, f"{carded.at}ledger/")
    assert json.loads(client.get(f"{carded.at}proof.json").content)["seals"] == []
