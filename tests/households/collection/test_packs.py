"""The forms that come with the product are forms, and ask nothing the law denies."""

import pytest

from households.engine.denied import refused_word
from households.engine.forms import Kind, read
from households.models import CollectionForm, Subject
from households.packs import packs

SEVEN = {"basic", "housing", "land", "work", "income", "village", "contact"}


def form_of(code: str):
    return read(packs()[code]["content"])


@pytest.mark.parametrize("code", sorted(packs()))
def test_every_pack_is_a_form_of_a_known_purpose_and_kind(code):
    pack = packs()[code]
    assert pack["code"] == code
    assert pack["purpose"] in CollectionForm.Purpose.values
    assert pack["subject_kind"] in Subject.Kind.values
    assert len(list(form_of(code).questions())) >= 10


def test_there_is_a_pack_for_each_kind_of_file_and_for_the_self_assessment():
    asked = {(pack["purpose"], pack["subject_kind"]) for pack in packs().values()}
    files = {("file", kind) for kind in Subject.Kind.values}
    assert asked == files | {("self_assessment", "household")}


def test_the_household_pack_has_the_seven_classes_of_a_credit_village_file():
    assert {section.code for section in form_of("household").sections} == SEVEN


def test_income_and_property_are_never_compulsory():
    for code in ("household", "collective", "operator"):
        rows = next(one for one in form_of(code).sections if one.code == "income").questions
        assert rows
        assert not any(question.required for question in rows)


def test_money_may_always_be_left_unsaid():
    for code in packs():
        money = [one for one in form_of(code).questions() if one.kind is Kind.MONEY]
        assert all(len(question.unsaid) == 2 for question in money)


def test_no_pack_has_a_denied_word_in_a_title_either():
    for pack in packs().values():
        titles = [pack["title"], *(one["title"] for one in pack["content"]["sections"])]
        assert [refused_word(title) for title in titles] == [""] * len(titles)


def test_r_23_the_self_assessment_has_eight_aspects():
    aspects = form_of("self_assessment").sections
    assert len(aspects) == 8
    assert {"遵纪守法", "家庭和谐"} <= {aspect.title for aspect in aspects}


def test_r_24_the_star_claim_has_ten_stars_three_of_them_required_in_the_scheme():
    stars = [section.title for section in form_of("star_claim").sections]
    assert len(stars) == 10
    assert stars[:3] == ["爱党爱国星", "遵规守法星", "诚实守信星"]
