"""Forms of collection: the list, a new one, its sections and questions, preview, in use."""

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
    form_of,
    read_or_act,
    signed,
    township_chosen,
    townships_of,
)
from desk.staff.question_forms import EMPTY, NewFormForm
from desk.staff.records import record_of
from households.engine import building
from households.engine.forms import FormIsFaulty, Kind, read
from households.engine.wording import kind_words
from households.forms import AnswersForm
from households.models import CollectionForm, Subject
from households.operations import forms
from households.packs import packs
from households.queries.forms import forms_within
from trail import clock
from trail.errors import DomainError

LONGEST_TITLE = 60
Act = Callable[[StaffRequest, CollectionForm], CollectionForm]


@require_safe
@staff_page
def collection_forms(request: StaffRequest) -> HttpResponse:
    """Every form of the visitor's townships with its versions, and who fills it."""
    townships = townships_of(request)
    found = forms_within(request.visitor.scope, Action.MANAGE_COLLECTION)
    return render(request, "staff/collection/forms.html", {"forms": found, "townships": townships})


@read_or_act
@staff_page
def form_add(request: StaffRequest) -> HttpResponse:
    """Begin a form: one that comes with the product, or an empty one."""
    township = township_chosen(request)
    form = NewFormForm(
        request.POST if request.method == "POST" else None,
        packs={code: pack["title"] for code, pack in packs().items()},
        purposes=CollectionForm.Purpose.choices,
        kinds=Subject.Kind.choices,
    )
    if request.method == "POST" and form.is_valid():
        try:
            by, start = signed(request, township.pk), _start(form.cleaned_data)
            made = forms.draft_form(township=township, start=start, by=by, at=clock.now())
            return redirect("staff:form", number=made.pk)
        except DomainError as refusal:
            refused(request, refusal)
            form.add_error(None, refusal.message)
    return render(
        request,
        "staff/collection/form_add.html",
        {"form": form, "township": township, "townships": townships_of(request)},
    )


def _start(typed: Mapping[str, Any]) -> forms.NewForm:
    if typed["start"] != EMPTY:
        return forms.from_pack(typed["start"])
    return forms.NewForm(typed["title"], typed["purpose"], typed["subject_kind"])


@read_or_act
@staff_page
def form(request: StaffRequest, number: int) -> HttpResponse:
    """The sections and questions; each button changes one thing."""
    found = form_of(request, number)
    if request.method == "POST":
        return _acted(request, found)
    return render(
        request,
        "staff/collection/form.html",
        {
            "form": found,
            "sections": _sections(found),
            "kinds": kind_words().items(),
            "may_change": found.state == CollectionForm.State.DRAFT,
            "lacks": _lacks(found),
            "at_desk": record_of(request.visitor.scope, found),
        },
    )


def _sections(found: CollectionForm) -> list[dict[str, Any]]:
    words = kind_words()
    rows = building.sections_of(found.content)
    for row in rows:
        for question in row["questions"]:
            question["kind_words"] = words[Kind(question["kind"])]
    return rows


def _lacks(found: CollectionForm) -> list[str]:
    """What is still missing before it can be put in use."""
    try:
        read(found.content)
    except FormIsFaulty as faulty:
        return [f"{one.where}：{one.words}" if one.where else one.words for one in faulty.faults]
    return []


def _acted(request: StaffRequest, found: CollectionForm) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        shown = act(request, found)
    except building.NoSuchPiece as gone:
        raise Http404 from gone
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
        shown = found
    return redirect("staff:form", number=shown.pk)


def _write(request: StaffRequest, found: CollectionForm, content: Any) -> CollectionForm:
    return forms.change_draft(
        form=found,
        title=found.title,
        content=content,
        by=signed(request, found.township_id),
        at=clock.now(),
    )


def _typed(request: StaffRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()


def _add_section(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    return _write(request, found, building.with_section(found.content, _typed(request, "title")))


def _rename_section(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    code, title = _typed(request, "piece"), _typed(request, "title")
    return _write(request, found, building.renamed(found.content, code, title))


def _rename(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    by, title = signed(request, found.township_id), _typed(request, "title")
    return forms.change_draft(form=found, title=title, content=found.content, by=by, at=clock.now())


def _move(by: int) -> Act:
    return lambda request, found: _write(
        request, found, building.moved(found.content, _typed(request, "piece"), by)
    )


def _remove(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    return _write(request, found, building.without(found.content, _typed(request, "piece")))


def _use(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    by = signed(request, found.township_id)
    used = forms.put_in_use(form=found, by=by, at=clock.now())
    messages.success(request, _("这一版启用了。新的采集轮次用它，以前的记录还照原来那版看。"))
    return used


def _retire(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    by = signed(request, found.township_id)
    retired = forms.retire(form=found, by=by, at=clock.now())
    messages.success(request, _("这张表停用了。以前的记录不受影响。"))
    return retired


def _next(request: StaffRequest, found: CollectionForm) -> CollectionForm:
    by, start = signed(request, found.township_id), forms.next_version_of(found)
    return forms.draft_form(township=found.township, start=start, by=by, at=clock.now())


_ACTS: Mapping[str, Act] = {
    "add_section": _add_section,
    "rename_section": _rename_section,
    "rename": _rename,
    "up": _move(building.UP),
    "down": _move(building.DOWN),
    "remove": _remove,
    "use": _use,
    "retire": _retire,
    "next": _next,
}


@require_safe
@staff_page
def form_preview(request: StaffRequest, number: int) -> HttpResponse:
    """The questions as the collector sees them; nothing typed here is kept."""
    found = form_of(request, number)
    lacks = _lacks(found)
    asked = None if lacks else AnswersForm(asks=read(found.content))
    return render(
        request,
        "staff/collection/form_preview.html",
        {"form": found, "asked": asked, "lacks": lacks},
    )
