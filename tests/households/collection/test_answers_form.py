"""A form on a page: its questions are fields, its answers are the engine's."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from households.engine.forms import read
from households.engine.wording import answer_words
from households.forms import AnswersForm
from households.packs import packs
from tests.households.collection.stage import question, section

CHOICE = {
    "code": "farms",
    "kind": "choice",
    "label": "在种地吗",
    "required": True,
    "unsaid": ["declined"],
    "options": [{"code": "yes", "label": "在种"}, {"code": "no", "label": "没种"}],
}
CROPS = {
    "code": "crops",
    "kind": "choices",
    "label": "种什么",
    "options": [{"code": "grain", "label": "粮食"}, {"code": "fruit", "label": "果树"}],
    "only_if": {"question": "farms", "is": ["yes"]},
}
PHOTO = {"code": "roof", "kind": "photo", "label": "房屋照片"}
PLACE = {"code": "place", "kind": "location", "label": "位置"}
WHO = {"code": "who", "kind": "person", "label": "找谁"}
LAND = question(decimals=1, least="0", most="100", unsaid=["unclear", "declined"])
ASKS = read({"sections": [section(CHOICE, CROPS, LAND), section(PHOTO, PLACE, WHO, code="more")]})
PEOPLE = [(7, "张三")]
MEASURED = {"value": {"lat": 33.9, "lon": 116.8, "accuracy": 12}}


def typed(answers=None, **fields) -> AnswersForm:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return AnswersForm(data, asks=ASKS, answers=answers, people=PEOPLE)


def test_what_is_typed_becomes_the_engine_s_answers():
    form = typed(farms="yes", crops=["fruit", "grain"], land="３.5", place="村口", who="7")
    assert form.is_valid(), form.errors
    assert form.answers == {
        "farms": {"value": "yes"},
        "crops": {"value": ["grain", "fruit"]},
        "land": {"value": "3.5"},
        "place": {"value": {"text": "村口"}},
        "who": {"value": 7},
    }


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({"farms": "declined"}, {"farms": {"unsaid": "declined"}}),
        (
            {"farms": "no", "land__unsaid": "unclear"},
            {"farms": {"value": "no"}, "land": {"unsaid": "unclear"}},
        ),
    ],
)
def test_not_clear_and_not_willing_are_answers(fields, answers):
    form = typed(**fields)
    assert form.is_valid(), form.errors
    assert form.answers == answers


def test_everything_wrong_is_said_beside_its_question_and_what_was_typed_stays():
    form = typed(land="很多", who="8")
    assert not form.is_valid()
    assert form.errors["farms"] == ["请填在种地吗"]
    assert form.errors["land"] == ["请填数字，例如3或3.2"]
    assert set(form.errors) == {"farms", "land", "who"}
    assert form["land"].value() == "很多"


def test_an_answer_and_unsaid_at_once_is_one_too_many():
    form = typed(farms="no", land="3", land__unsaid="declined")
    assert list(form.errors) == ["land"]
    assert "只留一样" in form.errors["land"][0]


def test_a_question_whose_condition_is_not_met_is_left_out():
    form = typed(farms="no", crops=["grain"])
    assert form.is_valid()
    assert form.answers == {"farms": {"value": "no"}}


def test_photos_and_a_measured_place_are_kept_by_a_page_that_cannot_take_them():
    photos = {"value": ["ab" * 32]}
    form = typed({"roof": photos, "place": MEASURED}, farms="no")
    assert form.is_valid()
    assert form.answers["roof"] == photos
    assert form.answers["place"] == MEASURED
    form = typed({"place": MEASURED}, farms="no", place="村东头")
    assert form.is_valid()
    assert form.answers["place"] == {"value": {"text": "村东头"}}


def test_a_page_shows_each_question_with_what_was_answered():
    given = {"farms": {"unsaid": "declined"}, "land": {"unsaid": "unclear"}, "who": {"value": 7}}
    form = AnswersForm(asks=ASKS, answers=given, people=PEOPLE)
    pages = [
        render_to_string(
            "questions/_section.html", {"section": part, "questions": asked, "form": form}
        )
        for part, asked in form.sections()
    ]
    page = "".join(pages)
    assert "承包地（亩，选填）" in page
    assert "在种地吗" in page
    assert "在种地吗（选填）" not in page
    assert "只在“在种地吗”是“在种”时填" in page
    assert page.count("checked") == 2
    assert '<option value="7" selected>张三</option>' in page
    assert 'value="unclear" required' not in page


def test_every_pack_is_shown_and_an_empty_one_says_what_is_missing():
    for pack in packs().values():
        asks = read(pack["content"])
        form = AnswersForm(QueryDict(), asks=asks)
        assert form.is_valid() is not any(one.required for one in asks.questions())
        assert set(form.errors) <= {one.code for one in asks.questions() if one.required}


@pytest.mark.parametrize(
    ("code", "answer", "words"),
    [
        ("farms", None, "没有填"),
        ("farms", {"value": "yes"}, "在种"),
        ("farms", {"unsaid": "declined"}, "不愿说"),
        ("crops", {"value": ["grain", "fruit"]}, "粮食、果树"),
        ("land", {"value": "3.5"}, "3.5亩"),
        ("roof", {"value": ["a", "b"]}, "2张照片"),
        ("place", {"value": {"text": "村口"}}, "村口"),
        ("place", MEASURED, "北纬33.9，东经116.8，误差12米"),
        ("who", {"value": 7}, "张三"),
        ("who", {"value": 8}, "不在本户了"),
    ],
)
def test_an_answer_in_words(code, answer, words):
    asked = next(one for one in ASKS.questions() if one.code == code)
    assert answer_words(asked, answer, people=dict(PEOPLE)) == words
