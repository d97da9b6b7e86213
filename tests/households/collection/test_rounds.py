"""A round is drafted, opened and closed; it asks one form of each purpose and kind."""

from datetime import date, timedelta

import pytest

from households.operations import rounds
from households.operations.forms import draft_form, retire
from tests.factories import NOON
from tests.households.collection.stage import (
    FIRST,
    LAST,
    begin,
    new_form,
    question,
    section,
    use,
)
from tests.households.stage import LIN
from trail.models import AuditEvent


def plan(*forms, title="春季采集", first=FIRST, last=LAST):
    return rounds.RoundPlan(title, first, last, forms)


def prepared(ground, *forms, **more):
    given = plan(*forms, **more)
    return rounds.draft_round(township=ground.township, plan=given, by=LIN, at=NOON)


def test_a_round_goes_from_draft_to_open_to_closed(ground):
    made = prepared(ground, ground.forms["household"])
    assert made.state == "draft"
    assert rounds.open_round(round_=made, by=LIN, at=NOON).state == "open"
    assert rounds.close_round(round_=made, by=LIN, at=NOON).state == "closed"
    acts = AuditEvent.objects.filter(about=f"households.collectionround:{made.pk}")
    assert list(acts.order_by("pk").values_list("what", flat=True)) == [
        "round.drafted", "round.opened", "round.closed",
    ]  # fmt: skip


def test_a_draft_is_changed_and_asks_only_its_new_forms(ground):
    made = prepared(ground, ground.forms["household"])
    new = plan(ground.forms["operator"], title="夏季采集")
    rounds.change_round(round_=made, plan=new, by=LIN, at=NOON)
    made.refresh_from_db()
    assert made.title == "夏季采集"
    assert list(made.forms.all()) == [ground.forms["operator"]]


def test_an_open_round_only_gets_more_or_less_time(ground):
    with pytest.raises(rounds.RoundIsNoDraft):
        rounds.change_round(
            round_=ground.round, plan=plan(ground.forms["household"]), by=LIN, at=NOON
        )
    longer = LAST + timedelta(days=9)
    moved = rounds.move_last_day(round_=ground.round, closes_on=longer, by=LIN, at=NOON)
    assert moved.closes_on == longer
    with pytest.raises(rounds.RoundEndsBeforeItBegins):
        rounds.move_last_day(
            round_=ground.round, closes_on=FIRST - timedelta(days=1), by=LIN, at=NOON
        )


def test_a_round_asks_one_form_of_each_purpose_and_kind(ground):
    aspects, stars = (use(ground.township, code) for code in ("self_assessment", "star_claim"))
    assert prepared(ground, ground.forms["household"], aspects).forms.count() == 2
    with pytest.raises(rounds.FormsDoNotFit, match="农户的自评只能用一张表"):
        prepared(ground, aspects, stars, title="又一次")


def test_a_round_asks_only_what_is_in_use(ground):
    start = new_form(section(question()))
    draft = draft_form(township=ground.township, start=start, by=LIN, at=NOON)
    with pytest.raises(rounds.FormsDoNotFit):
        prepared(ground, draft)
    aspects = use(ground.township, "self_assessment")
    made = prepared(ground, aspects)
    retire(form=aspects, by=LIN, at=NOON)
    with pytest.raises(rounds.FormsDoNotFit):
        rounds.open_round(round_=made, by=LIN, at=NOON)


def test_a_round_needs_a_form_a_title_of_its_own_and_days_in_order(ground):
    form = ground.forms["household"]
    with pytest.raises(rounds.RoundHasNoForms):
        prepared(ground)
    with pytest.raises(rounds.RoundNeedsATitle):
        prepared(ground, form, title=" ")
    with pytest.raises(rounds.RoundTitleTaken):
        prepared(ground, form, title=ground.round.title)
    with pytest.raises(rounds.RoundEndsBeforeItBegins):
        prepared(ground, form, last=FIRST - timedelta(days=1))


def test_a_round_whose_last_day_is_over_is_not_opened(ground):
    past = prepared(
        ground, ground.forms["household"], first=date(2026, 9, 1), last=date(2026, 9, 9)
    )
    with pytest.raises(rounds.RoundEndsBeforeItBegins):
        rounds.open_round(round_=past, by=LIN, at=NOON)


def test_a_round_is_opened_and_closed_once(ground):
    with pytest.raises(rounds.RoundIsNoDraft):
        rounds.open_round(round_=ground.round, by=LIN, at=NOON)
    rounds.close_round(round_=ground.round, by=LIN, at=NOON)
    with pytest.raises(rounds.RoundIsNotOpen):
        rounds.close_round(round_=ground.round, by=LIN, at=NOON)
    assert begin(ground.township, ground.forms["household"], title="下一轮").state == "open"
