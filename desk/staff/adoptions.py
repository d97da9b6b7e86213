"""细则生效: the minutes of the meeting, written down by one person for another to confirm."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import day_field, reason_field
from desk.staff.month_pages import read_or_act
from scoring.models import Adoption, RuleBook
from scoring.operations import adoptions
from scoring.operations.adoptions import Minutes
from scoring.queries import rules
from trail import clock
from trail.errors import DomainError

MOST_PEOPLE = 100_000
_NUMBER = {
    "required": _("请填人数；没有就填0。"),
    "invalid": _("人数请写成整数，例如20。"),
    "min_value": _("人数不能比0小。"),
    "max_value": _("人数太大，请核对。"),
}


def _people(label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PEOPLE,
        required=required,
        error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class MinutesForm(forms.Form):
    """What the minutes say, who was to come by each way of counting, and the first day."""

    body = forms.ChoiceField(
        label=_("什么会议"),
        choices=Adoption.Body.choices,
        error_messages={"required": _("请选什么会议。"), "invalid_choice": _("请选什么会议。")},
    )
    number = forms.CharField(
        label=_("会议记录编号"),
        max_length=60,
        error_messages={"required": _("请填会议记录编号，写在会议记录上。")},
    )
    adopted_on = day_field(_("开会日期"))
    members = _people(_("村民代表总数（代表会议填）"), required=False)
    adults = _people(_("成年村民总数（村民会议填）"), required=False)
    households = _people(_("总户数（村民会议由户代表参加时填）"), required=False)
    yes = _people(_("同意"))
    no = _people(_("不同意"))
    abstain = _people(_("弃权"))
    effective_from = day_field(_("从哪天起生效"))
    because = reason_field(_("请写明为什么换细则。"), label=_("为什么换细则"))

    @property
    def minutes(self) -> Minutes:
        """What was typed, as the operation takes it."""
        typed = self.cleaned_data
        bases = {name: typed[name] for name in Adoption.Base.values if typed[name] is not None}
        kept = ("body", "number", "adopted_on", "yes", "no", "abstain")
        return Minutes(bases=bases, **{name: typed[name] for name in kept})


@read_or_act
@staff_page
def adopt(request: StaffRequest, slug: str, version: int) -> HttpResponse:
    """Write down the meeting that adopted the book; it waits for the second person."""
    book = rules.submitted(request.visitor.scope, slug=slug, version=version)
    if book is None:
        raise Http404
    if request.method != "POST":
        today = clock.today()
        return _form(request, book, MinutesForm(initial={"adopted_on": today}))
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _form(request, book, form)
    try:
        return _asked(request, book, form)
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
        return _form(request, book, form)


def _asked(request: StaffRequest, book: RuleBook, form: MinutesForm) -> HttpResponse:
    proposal = adoptions.propose(
        book=book,
        minutes=form.minutes,
        effective_from=form.cleaned_data["effective_from"],
        because=form.cleaned_data["because"],
        by=request.visitor.signing(Action.PROPOSE_ADOPTION, book.village_id),
        at=clock.now(),
    )
    return redirect("staff:proposal", number=proposal.pk)


def _form(request: StaffRequest, book: RuleBook, form: MinutesForm) -> HttpResponse:
    context = {
        "village": book.village,
        "book": book,
        "lines": rules.lines_of(book),
        "form": form,
    }
    return render(request, "staff/adopt.html", context)
