"""The audit trail for those who check: who did what, when, from where; refused attempts too."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, Visitor, staff_page
from accounts.roles import Action
from desk import telling
from desk.forms import day_field
from desk.staff.records import record_of
from trail import queries as trail
from trail.models import AuditEvent
from trail.naming import ACTS
from trail.queries import Asked
from trail.requests import LENGTH
from trail.typed import row_number
from villages.queries import people_within, villages_within

EVENTS_PER_PAGE = 50
VILLAGES_OFFERED = 500


class AuditForm(forms.Form):
    """What an auditor looks for; everything may be left empty."""

    village = forms.TypedChoiceField(label=_("村"), coerce=int, empty_value=None, required=False)
    actor = forms.CharField(label=_("谁（姓名）"), max_length=100, required=False)
    what = forms.ChoiceField(label=_("做了什么"), required=False)
    refused = forms.BooleanField(label=_("只看被拒绝的"), required=False)
    from_on = day_field(_("从哪天"), required=False)
    to_on = day_field(_("到哪天"), required=False)
    request_id = forms.CharField(label=_("编号（出错页上的）"), max_length=LENGTH, required=False)
    about = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, villages: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        acts = sorted((str(words), code) for code, words in ACTS.items())
        anything: list[tuple[object, object]] = [("", _("全部"))]
        self.fields["village"].choices = anything + villages  # type: ignore[attr-defined]
        self.fields["what"].choices = anything + [(code, words) for words, code in acts]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was typed, as far as it can be understood."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        wanted["village_id"] = wanted.pop("village", None)
        wanted["request_id"] = str(wanted.get("request_id", "")).upper()
        return Asked(**wanted)

    def query(self) -> str:
        """The same question as part of an address."""
        kept = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", False)
        }
        if kept.pop("refused", False):
            kept["refused"] = "on"
        return urlencode(kept)


def _events(visitor: Visitor) -> Any:
    people = people_within(visitor.scope, Action.VIEW_AUDIT)
    return trail.events_within(visitor.scope, Action.VIEW_AUDIT, people=people)


def _reader(request: StaffRequest) -> Visitor:
    """Who may read the trail anywhere; for others there is no such page."""
    if not request.visitor.scope.allows(Action.VIEW_AUDIT):
        raise Http404
    return request.visitor


@require_safe
@staff_page
def events(request: StaffRequest) -> HttpResponse:
    """The newest events first, 50 a page, narrowed by what was asked."""
    visitor = _reader(request)
    places = villages_within(visitor.scope, Action.VIEW_AUDIT, most=VILLAGES_OFFERED)
    form = AuditForm(request.GET, villages=[(place.pk, place.name) for place in places])
    found = trail.narrowed(_events(visitor), form.asked())
    before = row_number(request.GET.get("before", ""))
    page, following = trail.page_of(found, before=before, size=EVENTS_PER_PAGE)
    context = {
        "form": form,
        "lines": telling.told(page),
        "before": before,
        "following": following,
        "query": form.query(),
    }
    return render(request, "staff/audit.html", context)


@require_safe
@staff_page
def event(request: StaffRequest, number: int) -> HttpResponse:
    """One event: what changed from what to what, and what else was kept of it."""
    visitor = _reader(request)
    found: AuditEvent | None = _events(visitor).filter(pk=number).first()
    if found is None:
        raise Http404
    (line,) = telling.told([found])
    context = {
        "line": line,
        "event": found,
        "at_desk": record_of(visitor.scope, found),
        "changes": telling.lines_of(found),
        "facts": telling.facts_of(found),
    }
    return render(request, "staff/audit_event.html", context)
