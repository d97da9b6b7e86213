"""A form is drafted, changed, put in use and retired; what was used is never changed."""

import pytest

from households.engine.canonical import digest
from households.models import CollectionForm
from households.operations import forms
from households.operations.rounds import close_round
from tests.factories import NOON
from tests.households.collection.stage import new_form, question, section
from tests.households.stage import LIN, make_places
from trail.models import AuditEvent


def drafted(township, *sections) -> CollectionForm:
    return forms.draft_form(township=township, start=new_form(*sections), by=LIN, at=NOON)


def changed(form, *sections, title="小表") -> CollectionForm:
    content = {"sections": list(sections)}
    return forms.change_draft(form=form, title=title, content=content, by=LIN, at=NOON)


@pytest.fixture
def township(db):
    return make_places().township


def test_a_draft_begins_empty_and_gets_its_code_from_its_title(township):
    start = forms.NewForm("春季小表", "file", "household")
    first = forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    second = forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    assert (first.code, first.version, first.state) == ("f-chunjixiaobiao", 1, "draft")
    assert second.code == "f-chunjixiaobiao-2"
    assert first.content == {"sections": []}


def test_a_draft_from_a_pack_has_the_pack_s_content(township):
    start = forms.from_pack("household")
    made = forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    assert made.content == start.content
    assert made.title == "农户信息采集表"


def test_put_in_use_keeps_the_digest_and_retires_the_version_before(township):
    first = forms.put_in_use(form=drafted(township, section(question())), by=LIN, at=NOON)
    start = forms.next_version_of(first)
    second = forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    changed(second, section(question(), question(code="rented", label="租来的地")))
    used = forms.put_in_use(form=second, by=LIN, at=NOON)
    first.refresh_from_db()
    assert (first.state, used.state, used.version) == ("retired", "in_use", 2)
    assert bytes(used.sha256) == digest(used.content)
    assert used.used_from == NOON
    acts = AuditEvent.objects.filter(what__startswith="form.").values_list("what", flat=True)
    assert sorted(acts) == [
        "form.changed", "form.drafted", "form.drafted", "form.in_use", "form.in_use",
    ]  # fmt: skip


def test_a_version_in_use_is_never_changed(township):
    used = forms.put_in_use(form=drafted(township, section(question())), by=LIN, at=NOON)
    with pytest.raises(forms.FormIsNoDraft):
        changed(used, section(question(label="别的")))
    with pytest.raises(forms.FormIsNoDraft):
        forms.put_in_use(form=used, by=LIN, at=NOON)
    used.refresh_from_db()
    assert used.content["sections"][0]["questions"][0]["label"] == "承包地"


def test_a_form_has_one_draft_at_a_time(township):
    used = forms.put_in_use(form=drafted(township, section(question())), by=LIN, at=NOON)
    start = forms.next_version_of(used)
    draft = forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    with pytest.raises(forms.FormIsBeingDrafted) as refused:
        forms.draft_form(township=township, start=start, by=LIN, at=NOON)
    assert refused.value.facts == {"form_id": draft.pk}


def test_every_fault_of_a_draft_is_said_and_nothing_is_kept(township):
    form = drafted(township, section(question()))
    with pytest.raises(forms.FormHasFaults) as refused:
        changed(form, section(question(label="您信什么宗教"), question(code="Bad")))
    assert len(refused.value.facts["faults"]) == 2
    assert "不能问“宗教”：依法不得采集" in refused.value.message
    form.refresh_from_db()
    assert form.content["sections"][0]["questions"] == [question()]


def test_a_draft_may_be_unfinished_but_not_put_in_use(township):
    form = changed(drafted(township), section())
    with pytest.raises(forms.FormHasFaults, match="这一节还没有问题"):
        forms.put_in_use(form=form, by=LIN, at=NOON)


@pytest.mark.parametrize("title", ["", " \x00", "表" * 61])
def test_a_form_needs_a_title(township, title):
    with pytest.raises(forms.FormNeedsATitle):
        changed(drafted(township), title=title)


def test_a_form_is_retired_once_no_open_round_asks_it(ground):
    used = ground.forms["household"]
    with pytest.raises(forms.FormIsInARound):
        forms.retire(form=used, by=LIN, at=NOON)
    close_round(round_=ground.round, by=LIN, at=NOON)
    assert forms.retire(form=used, by=LIN, at=NOON).state == "retired"
    with pytest.raises(forms.FormIsNotInUse):
        forms.retire(form=used, by=LIN, at=NOON)
