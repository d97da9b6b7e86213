"""One question of a form on its own page: added, changed, and when it is asked."""

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from desk.staff.collection_pages import form_of, read_or_act, signed
from desk.staff.question_forms import QuestionForm
from households.engine import building
from households.engine.forms import WITH_OPTIONS, Kind
from households.engine.wording import kind_words
from households.models import CollectionForm
from households.operations import forms
from trail import clock
from trail.errors import DomainError


@read_or_act
@staff_page
def question_add(request: StaffRequest, number: int) -> HttpResponse:
    """One more question in a section: its kind is chosen first, in the address."""
    found = form_of(request, number)
    section = next(
        (one for one in found.content["sections"] if one["code"] == _asked(request, "section")),
        None,
    )
    if section is None:
        raise Http404
    kind = _kind(_asked(request, "kind"))
    if kind is None:
        return render(
            request,
            "staff/collection/question_kind.html",
            {"form": found, "section": section, "kinds": kind_words().items()},
        )
    typed = QuestionForm(request.POST if request.method == "POST" else None, kind=kind, row={})
    if request.method == "POST" and typed.is_valid():
        row = typed.written(building.free_code(found.content, "q"))
        if _kept(
            request, found, building.with_question(found.content, section["code"], row), typed
        ):
            return redirect("staff:form", number=found.pk)
    return _page(request, found, typed, kind, section["title"])


@read_or_act
@staff_page
def question(request: StaffRequest, number: int, code: str) -> HttpResponse:
    """One question of the form, to be changed."""
    found = form_of(request, number)
    row = _row(found, code)
    kind = Kind(row["kind"])
    typed = QuestionForm(request.POST if request.method == "POST" else None, kind=kind, row=row)
    if request.method == "POST" and typed.is_valid():
        content = building.replaced(found.content, code, typed.written(code))
        if _kept(request, found, content, typed):
            return redirect("staff:form", number=found.pk)
    return _page(request, found, typed, kind, row["label"], code=code)


@read_or_act
@staff_page
def condition(request: StaffRequest, number: int, code: str) -> HttpResponse:
    """Always asked, or only after some answers of an earlier choice."""
    found = form_of(request, number)
    row = _row(found, code)
    earlier = _earlier(found, code)
    asked = _asked(request, "after", row.get("only_if", {}).get("question", ""))
    after = next((one for one in earlier if one["code"] == asked), None)
    typed = ConditionForm(request.POST if request.method == "POST" else None, after=after, row=row)
    if request.method == "POST" and typed.is_valid():
        changed = {name: value for name, value in row.items() if name != "only_if"}
        changed |= typed.written
        if _kept(request, found, building.replaced(found.content, code, changed), typed):
            return redirect("staff:form", number=found.pk)
    return render(
        request,
        "staff/collection/question_when.html",
        {"form": found, "row": row, "earlier": earlier, "after": after, "typed": typed},
    )


class ConditionForm(django_forms.Form):
    """The answers of the earlier question after which this one is asked; none is always."""

    answers = django_forms.MultipleChoiceField(
        required=False, widget=django_forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any, *, after: Mapping[str, Any] | None, row: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={"answers": row.get("only_if", {}).get("is", [])})
        self._after = after
        options = after["options"] if after else []
        field = self.fields["answers"]
        assert isinstance(field, django_forms.ChoiceField)  # noqa: S101
        field.choices = [(one["code"], one["label"]) for one in options]

    @property
    def written(self) -> dict[str, Any]:
        """What the question says of it."""
        chosen = self.cleaned_data["answers"]
        if self._after is None or not chosen:
            return {}
        return {"only_if": {"question": self._after["code"], "is": chosen}}


def _asked(request: StaffRequest, name: str, otherwise: str = "") -> str:
    return request.POST.get(name, request.GET.get(name, otherwise))


def _row(found: CollectionForm, code: str) -> building.Row:
    try:
        return building.question_of(found.content, code)
    except building.NoSuchPiece as gone:
        raise Http404 from gone


def _kind(written: str) -> Kind | None:
    return Kind(written) if written in set(Kind) else None


def _earlier(found: CollectionForm, code: str) -> list[building.Row]:
    """The choices that are asked before this question."""
    rows: list[building.Row] = []
    for section in building.sections_of(found.content):
        for row in section["questions"]:
            if row["code"] == code:
                return rows
            if Kind(row["kind"]) in WITH_OPTIONS:
                rows.append(row)
    return rows


def _kept(
    request: StaffRequest,
    found: CollectionForm,
    content: building.Content,
    typed: django_forms.Form,
) -> bool:
    """Whether the draft has the content now; what is wrong is told on the page."""
    by = signed(request, found.township_id)
    try:
        forms.change_draft(form=found, title=found.title, content=content, by=by, at=clock.now())
    except forms.FormHasFaults as faulty:
        refused(request, faulty)
        for fault in faulty.facts["faults"]:  # type: ignore[attr-defined]
            typed.add_error(None, fault.words)
        return False
    except DomainError as refusal:
        refused(request, refusal)
        typed.add_error(None, refusal.message)
        return False
    return True


def _page(
    request: StaffRequest,
    found: CollectionForm,
    typed: QuestionForm,
    kind: Kind,
    title: str,
    *,
    code: str = "",
) -> HttpResponse:
    context = {"form": found, "typed": typed, "kind": kind, "about": title, "code": code}
    context["words"] = kind_words()[kind]
    return render(request, "staff/collection/question.html", context)
