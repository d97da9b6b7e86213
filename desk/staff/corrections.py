"""更正这个月: what was wrong in a closed month, said by one person and confirmed by another."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.attempts import refused
from accounts.operations import AlreadyDecided
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import LONGEST_NUMBER, reason_field
from desk.staff.month_pages import (
    Act,
    acted,
    lead_to,
    read_or_act,
    refuse,
    show,
    signed,
    standing_of,
    valid,
    waiting,
)
from desk.staff.months import approve_notice, propose_notice, refuse_notice
from scoring.models import Entry
from scoring.operations import corrections
from scoring.operations.corrections import Change
from scoring.queries import corrections as found
from scoring.queries.month_steps import Standing
from scoring.queries.publishing import checked_preview
from scoring.queries.ratings import is_rated
from trail import clock
from trail.errors import DomainError

_SENTENCES = {
    "required": gettext_lazy("请填分数；一分也不该有的填0。"),
    "invalid": gettext_lazy("分数请写成整数，例如15。"),
    "min_value": gettext_lazy("分数不能比0小；减分也只写分数，不写负号。"),
    "max_value": gettext_lazy("分数太大，请核对。"),
}


class CorrectionForm(forms.Form):
    """Which entries were wrong, how many points each should have had, and why."""

    reason = reason_field(gettext_lazy("请写明为什么要更正。"))

    def __init__(self, data: Mapping[str, Any], entries: Iterable[Entry]) -> None:
        super().__init__(data)
        self._ticked = [entry for entry in entries if data.get(f"entry_{entry.pk}")]
        for entry in self._ticked:
            self.fields[f"new_{entry.pk}"] = forms.IntegerField(
                min_value=0, max_value=1_000_000, error_messages=_SENTENCES
            )

    @property
    def wrong(self) -> list[found.Wrong]:
        """What was ticked, beside what it should have been."""
        typed = self.cleaned_data
        return [found.wrong_by(one, typed[f"new_{one.pk}"]) for one in self._ticked]

    @property
    def changes(self) -> list[Change]:
        """The same as the ledger's operation takes it: 0 is no points at all."""
        typed = self.cleaned_data
        return [Change(one.pk, typed[f"new_{one.pk}"] or None) for one in self._ticked]


@read_or_act
@staff_page
def correct(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """A household's entries to choose from; then what waits for the second person."""
    stands = standing_of(request, month, slug)
    if not stands.is_shown:
        return lead_to(stands)
    pressed = request.POST.get("act", "")
    if request.method == "POST" and pressed in ("check", "propose"):
        return _said(request, stands, pressed)
    if request.method == "POST":
        acts: dict[str, Act] = {"approve": _approve, "refuse": _refuse}
        return acted(request, stands, "correct", acts, is_open=True)
    return _choose(request, stands, typed=request.GET)


def _choose(
    request: StaffRequest, stands: Standing, *, typed: Mapping[str, Any], problem: str = ""
) -> HttpResponse:
    household = str(typed.get("household", ""))[:LONGEST_NUMBER].strip()
    entries = found.of_household(month=stands.month, typed=household)
    lines = [
        {
            "entry": entry,
            "ticked": bool(typed.get(f"entry_{entry.pk}")),
            "points": typed.get(f"new_{entry.pk}", abs(entry.points)),
        }
        for entry in entries
    ]
    return show(
        request,
        stands,
        "correct",
        asked=found.asked_for(month=stands.month, at=clock.now()),
        refused=found.last_refused(month=stands.month),
        newest=found.current_notice(month=stands.month),
        household=household,
        lines=lines,
        reason=typed.get("reason", ""),
        problem=problem,
        rated=is_rated(village_id=stands.month.village_id),
    )


def _said(request: StaffRequest, stands: Standing, pressed: str) -> HttpResponse:
    """Show what would be proposed, or propose it; what was typed is never lost."""
    by = signed(request, stands, Action.PROPOSE_CORRECTION)
    household = request.POST.get("household", "")[:LONGEST_NUMBER]
    entries = found.of_household(month=stands.month, typed=household)
    form = CorrectionForm(request.POST, entries)
    try:
        valid(form)
        if pressed == "propose":
            corrections.propose_correction(
                month=stands.month,
                changes=form.changes,
                reason=form.cleaned_data["reason"],
                by=by,
                at=clock.now(),
            )
            return lead_to(stands, "correct")
        corrections.check_correction(month=stands.month, changes=form.changes, by=by)
    except DomainError as refusal:
        refused(request, refusal)
        return _choose(request, stands, typed=request.POST, problem=refusal.message)
    rated = is_rated(village_id=stands.month.village_id)
    return show(request, stands, "correct_check", form=form, household=household, rated=rated)


def _approve(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.APPROVE_CORRECTION)
    asked = _asked(request, stands)
    corrections.carry_out(correction=asked.correction, by=by, at=clock.now())
    return "correct_notice"


def _refuse(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.APPROVE_CORRECTION)
    refuse(_asked(request, stands).proposal, request, by)
    return "correct"


def _asked(request: StaffRequest, stands: Standing) -> found.Asked:
    asked = found.asked_for(month=stands.month, at=clock.now())
    if asked is None:
        raise AlreadyDecided(_("这件事已经办过了，或者重新提过，请再看一遍。"))
    waiting(asked.proposal, request)
    return asked


@read_or_act
@staff_page
def notice(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The correction notice before it is public: one proposes, another publishes."""
    first = standing_of(request, month, slug)
    stands = found.standing_of_correction(first, at=clock.now())
    if stands is None or stands.notice is None:
        return lead_to(first)
    if request.method == "POST":
        acts = {
            name: _staying(act)
            for name, act in (
                ("propose", propose_notice),
                ("approve", approve_notice),
                ("refuse", refuse_notice),
            )
        }
        return acted(request, stands, "correct_notice", acts, is_open=not stands.is_shown)
    checked = None if stands.is_shown else checked_preview(stands.notice)
    return show(request, stands, "notice", checked=checked, today=clock.today())


def _staying(act: Act) -> Act:
    def and_stay(request: StaffRequest, stands: Standing) -> str:
        act(request, stands)
        return "correct_notice"

    return and_stay
