"""Files that leave the site: asked for with a purpose, made by a worker, fetched by who asked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk import operations
from desk.exporting.reach import Place, action_for, is_reached, places
from desk.operations import KIND, LONGEST_PURPOSE, MOST_ALONE, Order
from files.models import Export
from files.operations import hand_out
from files.queries import exports_of
from jobs.models import Job
from jobs.queries import by_key
from jobs.waking import wake
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.revealing import REASONS

EXPORTS_PER_PAGE = 20
KINDS = {
    Export.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Form.CSV: "text/csv; charset=utf-8",
}
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


class ExportForm(forms.Form):
    """What, of where, as which file, what for."""

    place = forms.ChoiceField(label=gettext_lazy("哪里的"))
    what = forms.ChoiceField(label=gettext_lazy("导出什么"), choices=Export.What.choices)
    month = forms.RegexField(
        r"^[0-9]{4}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("月份（导出记账、留痕要填，例如2026-10）"),
        required=False,
        error_messages={"invalid": gettext_lazy("月份请写成2026-10。")},
    )
    form = forms.ChoiceField(label=gettext_lazy("文件"), choices=Export.Form.choices)
    purpose = forms.CharField(
        label=gettext_lazy("做什么用"),
        max_length=LONGEST_PURPOSE,
        error_messages={"required": gettext_lazy("请写明导出去做什么用。")},
    )
    full = forms.BooleanField(
        label=gettext_lazy("要完整的身份证号和电话（只有名册有）"), required=False
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("为什么要完整号码"),
        required=False,
        choices=[("", gettext_lazy("请选"))]
        + [(code, words) for code, words in REASONS.items() if code != "other"],
    )

    def __init__(self, *args: Any, offered: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._places = {place.key: place for place in offered}
        self.fields["place"].choices = [(key, str(one)) for key, one in self._places.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A month belongs to what has months, and a reason to full numbers."""
        given = super().clean() or {}
        if given.get("what") in (Export.What.LEDGER, Export.What.AUDIT):
            if not given.get("month") and "month" not in self.errors:
                self.add_error("month", _("请填月份，写成2026-10。"))
            given["full"] = False
        else:
            given["month"] = ""
        if given.get("full") and not given.get("reason"):
            self.add_error("reason", _("要完整号码，请选为什么。"))
        return given

    @property
    def chosen(self) -> Place:
        """The place that was chosen."""
        return self._places[self.cleaned_data["place"]]

    def order(self) -> Order:
        """What was typed, as the operation takes it."""
        names = ("what", "form", "purpose", "month", "full", "reason")
        return Order(**{name: self.cleaned_data[name] for name in names})


def _signing(request: StaffRequest, action: Action, place: Place) -> Actor:
    if not is_reached(request.visitor.scope, place, action):
        raise Http404
    if place.village is not None:
        return request.visitor.signing(action, place.village.pk)
    return request.visitor.signing(action, township_id=place.township.pk)


@read_or_act
@staff_page
def exports(request: StaffRequest) -> HttpResponse:
    """The visitor's own exports, and the form for another."""
    offered = places(request.visitor.scope)
    if not offered:
        raise Http404
    form = ExportForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and form.is_valid():
        return _asked(request, form)
    mine = exports_of(user_id=request.visitor.user.pk)
    page = Paginator(mine, EXPORTS_PER_PAGE).get_page(page_number(request))
    context = {"form": form, "page": page, "most_alone": MOST_ALONE}
    status = 400 if form.errors else 200
    return render(request, "staff/exports.html", context, status=status)


def _asked(request: StaffRequest, form: ExportForm) -> HttpResponse:
    order = form.order()
    by = _signing(request, action_for(order.what), form.chosen)
    if order.full:
        _signing(request, Action.REVEAL_PERSONAL, form.chosen)
    made = operations.ask_for_export(place=form.chosen, order=order, by=by, at=clock.now())
    _hint(made)
    return redirect("staff:export", number=made.pk)


def _hint(export: Export) -> None:
    job = by_key(kind=KIND, key=operations.reference(export))
    if job is not None:
        wake(KIND, job_id=job.pk)


@read_or_act
@staff_page
def export(request: StaffRequest, number: int) -> HttpResponse:
    """How far one export is; fetched, begun or stopped by a button."""
    found = exports_of(user_id=request.visitor.user.pk).filter(pk=number).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _acted(request, found)
    at = clock.now()
    job = by_key(kind=KIND, key=operations.reference(found))
    context = {
        "export": found,
        "village": found.village,
        "job": job,
        "is_open": job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING),
        "is_there": bool(found.size and found.expires_at and found.expires_at > at),
        "approval": operations.approval(export=found, at=at),
        "sha256": bytes(found.sha256 or b"").hex(),
    }
    return render(request, "staff/export.html", context)


def _acted(request: StaffRequest, found: Export) -> HttpResponse:
    act, at = request.POST.get("act"), clock.now()
    by = _signing(request, action_for(found.what), Place(found.township, found.village))
    try:
        operations.actor_of(export=found)
        if act == "fetch":
            return _fetched(found, hand_out(export=found, by=by, at=at))
        if act == "start":
            _hint(operations.start_export(export=found, by=by, at=at))
        if act == "cancel":
            operations.cancel_export(export=found, by=by, at=at)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
    return redirect("staff:export", number=found.pk)


def _fetched(found: Export, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=KINDS[Export.Form(found.form)])
    # No name of a person or a place: it stands in lists of downloads.
    response["Content-Disposition"] = f'attachment; filename="export-{found.pk}.{found.form}"'
    return response
