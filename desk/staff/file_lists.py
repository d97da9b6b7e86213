"""Lists about files: who waits for a consent, what may be doubled; and opening a new file."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.file_pages import read_or_act
from households.models import Subject
from households.operations.files import homes
from households.operations.files.homes import Address
from households.queries import consents, duplicates
from households.queries.duplicates import Alike, Why
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from villages.models import Unit, Village
from villages.queries import units_of, villages_within

PER_PAGE, VILLAGES_OFFERED = 50, 500
WORDS = {
    Why.ID_NUMBER: gettext_lazy("身份证号相同"),
    Why.NAME_AND_BIRTH: gettext_lazy("同组、同名、同一天出生"),
    Why.NUMBER_AND_SOUND: gettext_lazy("户号相同，户主姓名首字母相同"),
}


class FileForm(forms.Form):
    """A new file: what it is, where it stands, what it is called."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Subject.Kind.choices)
    unit = forms.ChoiceField(
        label=gettext_lazy("小组（村集体和经营主体不选）"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请在列出的里选。")},
    )
    number = forms.CharField(
        label=gettext_lazy("户号或编号"),
        max_length=20,
        error_messages={"required": gettext_lazy("请填户号或编号。")},
    )
    name = forms.CharField(
        label=gettext_lazy("户主姓名或名称"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填户主姓名或名称。")},
    )

    def __init__(self, data: Any, groups: list[Unit], kind: str) -> None:
        super().__init__(data, initial={"kind": kind})
        self._groups = {str(one.pk): one for one in groups}
        choices = [("", _("不选")), *((pk, one.name) for pk, one in self._groups.items())]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    @property
    def address(self) -> Address:
        """Where the file stands."""
        typed = self.cleaned_data
        return Address(self._groups.get(typed["unit"]), typed["number"])


def _villages(request: StaffRequest) -> tuple[list[Village], Village | None]:
    """Where the visitor keeps files, and the village the address names, if it is one of them."""
    found = villages_within(request.visitor.scope, Action.MANAGE_FILES, most=VILLAGES_OFFERED)
    villages = list(found)
    if not villages:
        raise Http404
    wanted = request.GET.get("village", "")
    return villages, next((one for one in villages if one.slug == wanted), None)


@read_or_act
@staff_page
def add(request: StaffRequest) -> HttpResponse:
    """A new file in the village the address names; its people are put on it afterwards."""
    villages, village = _villages(request)
    village = village or villages[0]
    groups = [one for one in units_of(village_id=village.pk) if one.kind == Unit.Kind.GROUP]
    form = FileForm(request.POST or None, groups, request.GET.get("kind", ""))
    context: dict[str, Any] = {"form": form, "villages": villages, "chosen": village}
    if request.method != "POST" or not form.is_valid():
        return render(request, "staff/files/add.html", context)
    try:
        opened = _open(request, village, form)
    except DomainError as refusal:
        refused(request, refusal)
        return render(
            request, "staff/files/add.html", {"problem": refusal.message, **context}, status=409
        )
    messages.success(request, _("已经建档。下一步登记成员。"))
    return redirect("staff:household", number=opened.pk)


def _open(request: StaffRequest, village: Village, form: FileForm) -> Subject:
    typed = form.cleaned_data
    return homes.open_file(
        village=village,
        kind=Subject.Kind(typed["kind"]),
        address=form.address,
        name=typed["name"],
        by=request.visitor.signing(Action.MANAGE_FILES, village.pk),
        at=clock.now(),
    )


@require_safe
@staff_page
def consents_due(request: StaffRequest) -> HttpResponse:
    """Children whose guardian has not consented, and who turned 14 meanwhile; 50 a page."""
    villages, village = _villages(request)
    slug = village.slug if village else ""
    due = consents.waiting_within(request.visitor.scope, Action.MANAGE_FILES, slug=slug)
    return render(
        request,
        "staff/files/consents_due.html",
        {
            "page": Paginator(due, PER_PAGE).get_page(page_number(request)),
            "villages": villages,
            "chosen": slug,
            "query": f"{urlencode({'village': slug})}&" if slug else "",
            "turned": consents.fourteen_years_before(clock.today()),
        },
    )


@require_safe
@staff_page
def alike(request: StaffRequest) -> HttpResponse:
    """Files that may be one: looked at by people, joined by 并户 with its preview."""
    villages, village = _villages(request)
    found = duplicates.alike_within(
        request.visitor.scope, Action.MANAGE_FILES, village_id=village.pk if village else None
    )
    rows = [(WORDS[one.why], one, _joins(one)) for one in found]
    chosen = village.slug if village else ""
    return render(
        request,
        "staff/files/duplicates.html",
        {"rows": rows, "villages": villages, "chosen": chosen, "most": duplicates.MOST},
    )


def _joins(found: Alike) -> bool:
    """Whether the two can be joined: households of one village."""
    kinds = {one.kind for one in found.subjects}
    villages = {one.village_id for one in found.subjects}
    return kinds == {Subject.Kind.HOUSEHOLD} and len(villages) == 1 and len(found.subjects) == 2
