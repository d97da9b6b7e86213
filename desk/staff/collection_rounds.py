"""Rounds of collection: the list, a new one, opened, given more time, closed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collection_pages import (
    manages,
    read_or_act,
    round_of,
    round_to_manage,
    signed,
    township_chosen,
    townships_of,
)
from desk.staff.records import record_of
from desk.staff.round_forms import LastDayForm, RoundForm
from households.models import CollectionRound
from households.operations import rounds
from households.queries import rounds as queries
from households.queries.forms import forms_in_use
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages.models import Township

SEES = Action.CHECK_COLLECTION


@require_safe
@staff_page
def collection_rounds(request: StaffRequest) -> HttpResponse:
    """The rounds of the visitor's townships, the newest first."""
    scope = request.visitor.scope
    if not scope.allows(SEES):
        raise Http404
    may_add = bool(scope.township_ids(Action.MANAGE_COLLECTION))
    found = queries.rounds_within(scope, SEES)
    return render(request, "staff/collection/rounds.html", {"rounds": found, "may_add": may_add})


@read_or_act
@staff_page
def round_add(request: StaffRequest) -> HttpResponse:
    """Prepare a round."""
    township = township_chosen(request)
    form = _round_form(request, township, {"opens_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.draft_round(
                township=township, plan=form.plan, by=signed(request, township.pk), at=clock.now()
            )
            return redirect("staff:round", number=made.pk)
        except DomainError as refusal:
            refused(request, refusal)
            form.add_error(None, refusal.message)
    return render(
        request,
        "staff/collection/round_edit.html",
        {"form": form, "township": township, "townships": townships_of(request)},
    )


@read_or_act
@staff_page
def round_edit(request: StaffRequest, number: int) -> HttpResponse:
    """Change a round that is not open yet."""
    found = round_to_manage(request, number)
    form = _round_form(request, found.township, _written(found))
    if request.method == "POST" and form.is_valid():
        by = signed(request, found.township_id)
        try:
            rounds.change_round(round_=found, plan=form.plan, by=by, at=clock.now())
            return redirect("staff:round", number=found.pk)
        except DomainError as refusal:
            refused(request, refusal)
            form.add_error(None, refusal.message)
    return render(
        request, "staff/collection/round_edit.html", {"form": form, "round": found, "townships": []}
    )


def _round_form(request: StaffRequest, township: Township, initial: dict[str, Any]) -> RoundForm:
    offered = forms_in_use(township_id=township.pk)
    data = request.POST if request.method == "POST" else None
    return RoundForm(data, offered=list(offered), initial=initial)


def _written(found: CollectionRound) -> dict[str, Any]:
    return {
        "title": found.title,
        "opens_on": found.opens_on,
        "closes_on": found.closes_on,
        "forms": [str(form.pk) for form in queries.forms_asked(found)],
    }


@read_or_act
@staff_page
def round_(request: StaffRequest, number: int) -> HttpResponse:
    """Its days, its forms and how far it is; who manages it opens and closes it here."""
    if request.method == "POST":
        return _acted(request, round_to_manage(request, number))
    return _shown(request, round_of(request, number, SEES))


def _shown(
    request: StaffRequest, found: CollectionRound, form: LastDayForm | None = None
) -> HttpResponse:
    villages = queries.by_village(round_=found, scope=request.visitor.scope, action=SEES)
    return render(
        request,
        "staff/collection/round.html",
        {
            "round": found,
            "forms": queries.forms_asked(found),
            "manages": manages(request, found),
            "total": queries.total_of(villages),
            "unassigned": sum(one.unassigned for one in villages),
            "at_desk": record_of(request.visitor.scope, found),
            "form": form or LastDayForm(initial={"closes_on": found.closes_on}),
        },
    )


def _acted(request: StaffRequest, found: CollectionRound) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""))
    form = LastDayForm(request.POST)
    if act is None:
        raise Http404
    if act is _move and not form.is_valid():
        return _shown(request, found, form)
    try:
        messages.success(request, act(found, form, signed(request, found.township_id)))
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
    return redirect("staff:round", number=found.pk)


def _open(found: CollectionRound, _form: LastDayForm, by: Actor) -> str:
    rounds.open_round(round_=found, by=by, at=clock.now())
    return _("这个轮次开始了。采集员下次联网就会看到自己的户。")


def _close(found: CollectionRound, _form: LastDayForm, by: Actor) -> str:
    rounds.close_round(round_=found, by=by, at=clock.now())
    return _("这个轮次结束了。已经收到的记录都在。")


def _move(found: CollectionRound, form: LastDayForm, by: Actor) -> str:
    day = form.cleaned_data["closes_on"]
    rounds.move_last_day(round_=found, closes_on=day, by=by, at=clock.now())
    return _("截止日期改好了。")


_ACTS: Mapping[str, Callable[[CollectionRound, LastDayForm, Actor], str]] = {
    "open": _open,
    "close": _close,
    "move": _move,
}
