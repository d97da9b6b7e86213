"""Cards for the households of a village: who may print them, once, and what stands on them."""

import re
from pathlib import Path

import pytest

from desk.staff.cards_sheet import cards_sheet, plates_sheet
from households.models import Subject
from households.operations.cards import issue_card, withdraw_card
from households.queries.cards import household_with_card
from jobs.models import Receipt
from notices.printing import press
from tests.databases import TRANSACTION
from tests.desk.staff_stage import logged_in, open_office
from tests.factories import NOON, make_actor, make_household, make_member, make_staff, make_unit
from tests.notices.paper import Paper, need_tools
from trail.models import AuditEvent

SITE = "https://jifen.example.cn"
NAME = "欧阳小三"
ID_NUMBER = "999999199001011234"
PHONE = "13800138000"
VILLAGE_PHONE = "0561-3900001"
PIN = re.compile(r"(?<!\d)(\d{3})\s(\d{3})(?!\d)")


@pytest.fixture(autouse=True)
def noon(time_machine, settings) -> None:
    time_machine.move_to(NOON, tick=False)
    settings.SITE_ADDRESS = SITE


@pytest.fixture
def office(db):
    return open_office()


def at(office, page: str = "") -> str:
    return f"/staff/cards/{office.stage.village.slug}/{page}"


def homes(office, count: int) -> list[Subject]:
    village = office.stage.village
    unit = make_unit(village=village, name="3组")
    return [make_household(village=village, unit=unit, number=f"{n:03}") for n in range(1, count)]


def ids(chosen: list[Subject]) -> list[int]:
    return [household.pk for household in chosen]


def question(office, chosen: list[Subject]) -> dict[str, object]:
    """What the form of the check page would send."""
    answer = office.lin.get(at(office, "check/"), {"household": ids(chosen)})
    page = answer.content.decode()
    assert answer.status_code == 200, answer
    fields = re.findall(r'name="(request|seen)" value="([^"]+)"', page)
    return {**dict(fields), "household": ids(chosen)}


def sheet(office, chosen: list[Subject]) -> bytes:
    answer = office.lin.post(at(office, "issue/"), question(office, chosen))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def cards_of(chosen: list[Subject]) -> list[tuple[str, str]]:
    rows = Subject.objects.filter(pk__in=ids(chosen)).order_by("pk")
    return list(rows.values_list("qr_token", "pin_hash"))


def unmarked(body: bytes) -> str:
    return re.sub(r'name="next" value="[^"]*"', "", body.decode())


def test_the_list_shows_households_by_group_and_number(office):
    chosen = homes(office, 4)
    page = office.lin.get(at(office)).content.decode()
    assert f"共 {len(chosen) + 1} 户" in page
    filtered = office.lin.get(at(office), {"group": chosen[0].unit_id, "number": "02"})
    listed = re.findall(r'name="household" value="(\d+)"', filtered.content.decode())
    assert listed == [str(chosen[1].pk)]
    nothing = office.lin.get(at(office), {"number": "none"}).content.decode()
    assert "没有这样的户" in nothing


def test_households_without_a_card_are_ticked_as_many_as_one_sheet_holds(office):
    chosen = homes(office, 60)
    issue_card(subject=chosen[0], by=make_actor(), at=NOON)
    group = {"group": chosen[0].unit_id}
    page = office.lin.get(at(office), {**group, "tick": "1"}).content.decode()
    ticked = re.findall(r'value="(\d+)" checked', page)
    assert ticked == [str(pk) for pk in ids(chosen)[1:41]]
    assert page.count('name="household"') == 50
    without = office.lin.get(at(office), {**group, "without_card": "1"}).content.decode()
    assert "共 58 户" in without
    assert " checked" not in without


def test_the_list_takes_as_many_queries_for_many_as_for_few(office, django_assert_num_queries):
    homes(office, 2)
    with django_assert_num_queries(9 + TRANSACTION):
        office.lin.get(at(office))
    make_household(village=office.stage.village, number="900")
    unit = make_unit(village=office.stage.village, name="9组")
    for number in range(45):
        make_household(village=office.stage.village, unit=unit, number=f"{number:03}")
    with django_assert_num_queries(9 + TRANSACTION):
        office.lin.get(at(office))


def test_the_check_page_says_that_the_old_cards_end(office):
    first, second = homes(office, 3)
    issue_card(subject=first, by=make_actor(), at=NOON)
    before = cards_of([first, second])
    page = office.lin.get(at(office, "check/"), {"household": ids([first, second])})
    assert "其中 1 户现在有卡。按下面的按钮，这些旧卡马上作废" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert cards_of([first, second]) == before


@pytest.mark.parametrize(("count", "told"), [(0, "请先勾选"), (41, "一次最多印40户")])
def test_none_and_too_many_are_refused(office, count, told):
    chosen = homes(office, count + 1)
    answer = office.lin.get(at(office, "check/"), {"household": ids(chosen)}, follow=True)
    assert told in answer.content.decode()
    fields = {"household": ids(chosen), "request": "0" * 32, "seen": ""}
    posted = office.lin.post(at(office, "issue/"), fields)
    assert posted.status_code == 409
    assert told in posted.content.decode()
    assert not AuditEvent.objects.filter(what="households.card_issued").exists()


def test_i30_forty_are_printed_at_once_with_one_event_that_each_household_shows(office):
    chosen = homes(office, 41)
    sheet(office, chosen)
    event = AuditEvent.objects.get(what="households.cards_issued")
    assert set(event.detail["subjects"]) == set(ids(chosen))
    assert (event.detail["count"], event.user_id) == (40, office.people["lin"].pk)
    pages = {
        home: office.lin.get(f"/staff/households/{home}/").content.decode()
        for home in (ids(chosen)[0], make_household(village=office.stage.village, number="900").pk)
    }
    assert ["发一批户卡" in page for page in pages.values()] == [True, False]


def test_the_same_question_is_answered_once(office):
    chosen = homes(office, 3)
    fields = question(office, chosen)
    assert office.lin.post(at(office, "issue/"), fields).status_code == 200
    before = cards_of(chosen)
    again = office.lin.post(at(office, "issue/"), fields)
    assert again.status_code == 409
    assert "这件事已经办过了" in again.content.decode()
    assert cards_of(chosen) == before
    assert Receipt.objects.get().reply == {"cards": 2}
    assert AuditEvent.objects.get(what="households.cards_issued").detail["count"] == 2


def test_a_question_older_than_a_card_is_asked_anew(office):
    chosen = homes(office, 3)
    early = question(office, chosen)
    issue_card(subject=chosen[0], by=make_actor(), at=NOON)
    withdraw_card(subject=chosen[0], by=make_actor(), at=NOON)
    before = cards_of(chosen)
    answer = office.lin.post(at(office, "issue/"), early)
    assert answer.status_code == 409
    assert "刚换过卡" in answer.content.decode()
    assert cards_of(chosen) == before
    assert not Receipt.objects.exists()


def test_a_busy_press_leaves_the_old_cards(office, monkeypatch):
    chosen = homes(office, 3)
    fields = question(office, chosen)
    before = cards_of(chosen)
    monkeypatch.setattr(press, "LONGEST_WAIT", 0.01)
    for _turn in range(press.MOST_AT_ONCE):
        press._gate.acquire()
    try:
        answer = office.lin.post(at(office, "issue/"), fields)
    finally:
        press._gate.release(press.MOST_AT_ONCE)
    assert answer.status_code == 503
    assert cards_of(chosen) == before
    assert office.lin.post(at(office, "issue/"), fields).status_code == 200


def test_only_who_hands_out_cards_here_finds_the_pages(office):
    """I-31: Wei only confirms; Zhao has another township; another village is as none."""
    chosen = homes(office, 3)
    fields = question(office, chosen)
    neighbour = f"/staff/cards/{office.neighbour.village.slug}/"
    bodies = set()
    for client, base in (
        (office.wei, at(office)),
        (office.zhao, at(office)),
        (office.lin, neighbour),
        (office.lin, "/staff/cards/nowhere/"),
    ):
        answers = [
            client.get(base),
            client.get(base + "check/", {"household": ids(chosen)}),
            client.post(base + "issue/", fields),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        bodies |= {unmarked(answer.content) for answer in answers}
    assert len(bodies) == 1
    assert not AuditEvent.objects.filter(what="households.card_issued").exists()


def test_the_township_hands_out_cards_too(office):
    clerk = make_staff(name="周经办", role="township_clerk", township=office.stage.village.township)
    assert logged_in(clerk).get(at(office)).status_code == 200


@pytest.mark.parametrize("whose", ["neighbour", "closed", "nobody", "no number"])
def test_a_household_that_is_not_on_file_here_is_not_found(office, whose):
    closed = homes(office, 2)[0]
    closed.state = Subject.State.CLOSED
    closed.save()
    named = {"neighbour": office.neighbour.home.pk, "closed": closed.pk, "nobody": 0}
    fields = {"household": [named.get(whose, "²")], "request": "0" * 32, "seen": ""}
    assert office.lin.get(at(office, "check/"), fields).status_code == 404
    assert office.lin.post(at(office, "issue/"), fields).status_code == 404


def test_cards_are_issued_by_post_with_a_number(office):
    chosen = homes(office, 2)
    assert office.lin.get(at(office, "issue/")).status_code == 405
    fields = {**question(office, chosen), "request": ""}
    assert office.lin.post(at(office, "issue/"), fields).status_code == 404


def test_the_menu_leads_to_the_cards_of_ones_own_villages(office):
    assert 'href="/staff/cards/"' in office.lin.get("/staff/").content.decode()
    assert f'href="{at(office)}"' in office.lin.get("/staff/cards/").content.decode()
    assert "印户卡" not in office.wei.get("/staff/").content.decode()
    assert office.wei.get("/staff/cards/").status_code == 404
    assert at(office) not in office.zhao.get("/staff/cards/").content.decode()


@pytest.fixture
def printed(office, tmp_path: Path):
    """A sheet of nine households; the first chose its masked name, one member has it all."""
    need_tools()
    office.stage.village.phone = VILLAGE_PHONE
    office.stage.village.save()
    chosen = homes(office, 10)
    for household in chosen:
        household.name = NAME
        household.save()
    chosen[0].publish_choice = Subject.PublishChoice.MASKED
    chosen[0].save()
    make_member(household=chosen[0], name=NAME, id_number=ID_NUMBER, phone=PHONE)
    return chosen, Paper(sheet(office, chosen), tmp_path)


def test_the_sheet_names_nobody(printed):
    chosen, paper = printed
    assert (paper.facts["Pages"], [round(side) for side in paper.size]) == ("2", [595, 842])
    for secret in (NAME, ID_NUMBER, PHONE):
        assert secret not in paper.text
    assert paper.text.count("欧阳*三") == 1
    assert paper.text.count(VILLAGE_PHONE) == len(chosen)
    assert paper.text.count("户主验证码，请收好，不要拍照发群里") == len(chosen)
    assert paper.text.count("演示数据，非真实公示") == len(chosen)


def test_a_scanner_reads_the_address_of_every_card(printed):
    chosen, paper = printed
    tokens = [token for token, _hash in cards_of(chosen)]
    assert sorted(paper.codes(1) + paper.codes(2)) == sorted(f"{SITE}/h/{t}/" for t in tokens)
    for token in tokens:
        assert f"{token[:4]}-{token[4:8]}-{token[8:]}" in paper.text


def test_the_pin_on_the_sheet_opens_the_households_page_and_stands_nowhere_else(
    office, client, tmp_path, caplog
):
    need_tools()
    chosen = homes(office, 2)
    old = issue_card(subject=chosen[0], by=make_actor(), at=NOON)
    paper = Paper(sheet(office, chosen), tmp_path)
    pin = "".join(PIN.search("\n".join(paper.spaced_pages)).groups())
    chosen[0].refresh_from_db()
    address = f"/h/{chosen[0].qr_token}/"
    opened = client.post(address + "verify/", {"pin": pin})
    assert (opened.status_code, opened.url) == (302, address + "ledger/")
    assert client.get(f"/h/{old.token}/").status_code == 404
    assert pin not in caplog.text
    assert all(pin not in str(event.detail) for event in AuditEvent.objects.all())
    assert pin not in chosen[0].pin_hash
    assert not any(pin[:3] + " " + pin[3:] in key for key in press._sheets._kept)


def test_the_answer_is_kept_by_nobody(office):
    chosen = homes(office, 2)
    answer = office.lin.post(at(office, "issue/"), question(office, chosen))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("demo", "mark"), [(True, "演示数据，非真实公示"), (False, "")])
def test_only_a_demo_says_so(office, settings, demo, mark):
    settings.DEMO = demo
    assert cards_sheet(office.stage.village, issued=[], day=NOON.date())["demo"] == mark


def test_door_plates_have_the_code_and_no_pin_and_change_no_card(office):
    home = office.stage.home
    card = issue_card(subject=home, by=make_actor(), at=NOON)
    other = homes(office, 2)[0]
    token = Subject.objects.get(pk=home.pk).qr_token
    answer = office.lin.get(at(office, "plates/"), {"household": [home.pk, other.pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert Subject.objects.get(pk=home.pk).qr_token == token
    sheet = plates_sheet(office.stage.village, subjects=[home])
    assert card.pin not in str({**sheet, "plates": [one["token"] for one in sheet["plates"]]})
    assert "pin" not in sheet["plates"][0]
    none = office.lin.get(at(office, "plates/"), {"household": [other.pk]}, follow=True)
    assert "还没有卡的先发卡" in none.content.decode()


def test_a_new_card_ends_the_code_of_the_one_before(office):
    home = office.stage.home
    first = issue_card(subject=home, by=make_actor(), at=NOON)
    second = issue_card(subject=home, by=make_actor(), at=NOON)
    assert first.token != second.token
    assert household_with_card(first.token) is None
    assert household_with_card(second.token) == home
