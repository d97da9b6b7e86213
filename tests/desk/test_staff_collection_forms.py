"""Forms at the staff pages: built by buttons, refused with the reason, used once they are whole."""

import re

import pytest

from households.models import CollectionForm
from households.operations.forms import draft_form, from_pack, put_in_use
from tests.desk.staffing_stage import open_town
from tests.factories import NOON
from tests.households.collection.stage import new_form, question, section
from tests.households.stage import LIN
from trail.models import AuditEvent

CROPS = {
    "code": "farms",
    "kind": "choice",
    "label": "在种地吗",
    "options": [{"code": "yes", "label": "在种"}, {"code": "no", "label": "没种"}],
}


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def town(db):
    return open_town()


@pytest.fixture
def draft(town) -> CollectionForm:
    start = new_form(section(CROPS, question()))
    return draft_form(township=town.township, start=start, by=LIN, at=NOON)


def rows(draft) -> list[dict]:
    draft.refresh_from_db()
    return draft.content["sections"]


def labels(draft) -> list[list[str]]:
    return [[one["label"] for one in part["questions"]] for part in rows(draft)]


def press(town, draft, act: str, **typed) -> str:
    return town.post("lin", f"/staff/forms/{draft.pk}/", act=act, **typed)


def test_the_list_is_of_the_own_township_and_only_for_who_manages_collection(town, draft):
    assert "小表" in town.get("lin", "/staff/forms/")
    assert "小表" not in town.get("qian", "/staff/forms/")
    town.get("wen", "/staff/forms/", status=404)
    town.get("qian", f"/staff/forms/{draft.pk}/", status=404)


def test_a_form_begins_from_one_that_comes_with_the_product(town):
    page = town.post("lin", "/staff/forms/add/", start="household")
    made = CollectionForm.objects.get()
    assert made.content == from_pack("household").content
    assert "农户信息采集表" in page
    assert "启用这一版" in page
    again = town.post("lin", "/staff/forms/add/", start="household")
    assert "有 1 处要改" in again
    assert "已经有一份草稿" in again


def test_an_empty_form_needs_its_name_purpose_and_kind(town):
    page = town.post("lin", "/staff/forms/add/", start="empty")
    assert page.count("有 3 处要改") == 1
    assert "有问题：" in page
    town.post(
        "lin",
        "/staff/forms/add/",
        start="empty",
        title="小表",
        purpose="file",
        subject_kind="operator",
    )
    assert CollectionForm.objects.get().subject_kind == "operator"
    assert "请选从哪里开始" in town.post("lin", "/staff/forms/add/")


def test_sections_and_questions_are_added_moved_and_removed(town, draft):
    press(town, draft, "add_section", title="住房")
    town.post(
        "lin", f"/staff/forms/{draft.pk}/questions/?section=s1&kind=number", label="几间房",
        unit="间", decimals="0", least="1", most="40", required="on", unsaid="unclear",
    )  # fmt: skip
    assert labels(draft) == [["在种地吗", "承包地"], ["几间房"]]
    assert rows(draft)[1]["questions"][0] == {
        "code": "q1", "kind": "number", "label": "几间房", "unit": "间", "required": True,
        "unsaid": ["unclear"], "least": "1", "most": "40",
    }  # fmt: skip
    press(town, draft, "up", piece="q1")
    assert labels(draft) == [["在种地吗", "承包地", "几间房"], []]
    press(town, draft, "up", piece="q1")
    press(town, draft, "down", piece="farm")
    assert labels(draft) == [[], ["在种地吗", "几间房", "承包地"]]
    press(town, draft, "remove", piece="s1")
    press(town, draft, "rename_section", piece="farm", title="土地")
    press(town, draft, "rename", title="春季小表")
    assert [part["title"] for part in rows(draft)] == ["土地"]
    assert draft.title == "春季小表"


@pytest.mark.parametrize(
    ("label", "why"),
    [("您信什么宗教", "不能问“宗教”：依法不得采集"), ("家里的病史", "不能问“病史”：依法不得采集")],
)
def test_a_denied_question_is_refused_with_the_reason_and_stays_in_the_box(town, draft, label, why):
    page = town.post(
        "lin", f"/staff/forms/{draft.pk}/questions/?section=farm&kind=text", label=label
    )
    assert "有 1 处要改" in page
    assert why in page
    assert f'value="{label}"' in page
    assert len(labels(draft)[0]) == 2
    assert AuditEvent.objects.filter(what__startswith="refused").count() == 1


def test_a_question_about_income_cannot_be_made_compulsory(town, draft):
    url = f"/staff/forms/{draft.pk}/questions/?section=farm&kind=number"
    page = town.post("lin", url, label="去年收入", required="on", decimals="0")
    assert "收入和财产只能选填" in page
    money = town.get("lin", f"/staff/forms/{draft.pk}/questions/?section=farm&kind=money")
    assert "这种问题只能选填" in money


def test_a_choice_keeps_the_codes_of_its_options_when_they_are_written_anew(town, draft):
    town.post(
        "lin",
        f"/staff/forms/{draft.pk}/questions/farms/",
        label="种地吗",
        options="种着\n没种\n荒着",
    )
    options = rows(draft)[0]["questions"][0]["options"]
    assert options == [
        {"code": "o1", "label": "种着"},
        {"code": "no", "label": "没种"},
        {"code": "o2", "label": "荒着"},
    ]
    town.post(
        "lin",
        f"/staff/forms/{draft.pk}/questions/farms/",
        label="种地吗",
        options="种的\n没种\n荒着",
    )
    assert rows(draft)[0]["questions"][0]["options"][0] == {"code": "o1", "label": "种的"}


def test_a_question_may_depend_on_an_earlier_choice(town, draft):
    url = f"/staff/forms/{draft.pk}/questions/land/when/"
    assert "答了哪些才问" in town.get("lin", f"{url}?after=farms")
    town.post("lin", url, after="farms", answers=["yes"])
    assert rows(draft)[0]["questions"][1]["only_if"] == {"question": "farms", "is": ["yes"]}
    refused = press(town, draft, "up", piece="land")
    assert "要指前面的一道选择题" in refused
    assert labels(draft) == [["在种地吗", "承包地"]]
    town.post("lin", url, after="")
    assert "only_if" not in rows(draft)[0]["questions"][1]


def test_what_is_whole_is_put_in_use_and_changed_only_as_a_new_version(town, draft):
    press(town, draft, "add_section", title="空的")
    assert "启用以前还要补" in town.get("lin", f"/staff/forms/{draft.pk}/")
    assert "这一节还没有问题" in press(town, draft, "use")
    press(town, draft, "remove", piece="s1")
    assert "起草新的一版" in press(town, draft, "use")
    town.post("lin", f"/staff/forms/{draft.pk}/questions/land/", label="别的", decimals="0")
    assert labels(draft) == [["在种地吗", "承包地"]]
    press(town, draft, "next")
    second = CollectionForm.objects.get(version=2)
    press(town, second, "use")
    draft.refresh_from_db()
    assert draft.state == "retired"
    press(town, second, "retire")
    second.refresh_from_db()
    assert second.state == "retired"


def test_the_preview_shows_the_questions_as_they_are_asked(town):
    form = draft_form(township=town.township, start=from_pack("household"), by=LIN, at=NOON)
    put_in_use(form=form, by=LIN, at=NOON)
    page = town.get("lin", f"/staff/forms/{form.pk}/preview/")
    assert "承包地（亩，选填）" in page
    assert "只在“现在种地或养殖吗”是“在种、在养”时填" in page
    assert len(re.findall(r"<section", page)) == 7


def test_no_page_offers_what_is_not_there(town, draft):
    for path in ("questions/nothing/", "questions/?section=nothing", "questions/nothing/when/"):
        town.get("lin", f"/staff/forms/{draft.pk}/{path}", status=404)
    town.post("lin", f"/staff/forms/{draft.pk}/", status=404, act="explode")
    town.post("lin", f"/staff/forms/{draft.pk}/", status=404, act="up", piece="nothing")
    assert "选一个" in town.get("lin", f"/staff/forms/{draft.pk}/questions/?section=farm")
