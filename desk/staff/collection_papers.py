"""Collection on paper: blank forms to print, and what was written on them keyed in."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collection_pages import read_or_act, round_of
from desk.staff.paper_forms import PaperForm
from households.engine.forms import Kind, read
from households.forms import AnswersForm
from households.models import CollectionForm, CollectionRecord, CollectionRound, Subject
from households.operations import records
from households.operations.record_saying import Said
from households.queries import assignments, papers
from households.queries import rounds as queries
from households.queries.collecting import current_of
from notices.printing.codes import household_address, qr_svg, svg_image
from notices.printing.notice_sheet import demo_mark
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from villages.models import Village
from villages.queries import units_of, village_rows_within

SEES = Action.CHECK_COLLECTION
PER_PAGE = 40


class _Asked:
    """Which village, group and form the address names, within what the visitor sees."""

    def __init__(self, request: StaffRequest, found: CollectionRound) -> None:
        rows = village_rows_within(request.visitor.scope, SEES)
        self.villages = list(rows.filter(township_id=found.township_id))
        self.forms = queries.forms_asked(found)
        given = request.GET
        slug, form, unit = given.get("village"), given.get("form"), given.get("unit", "")
        named = (one for one in self.villages if one.slug == slug)
        self.village: Village = next(named, self.villages[0])
        chosen = (one for one in self.forms if str(one.pk) == form)
        self.form: CollectionForm = next(chosen, self.forms[0])
        self.units = units_of(village_id=self.village.pk)
        ids = {str(one.pk): one.pk for one in self.units}
        self.unit_id = ids.get(unit)

    @property
    def query(self) -> str:
        named = {"village": self.village.slug, "form": self.form.pk, "unit": self.unit_id or ""}
        return urlencode(named)


@require_safe
@staff_page
def paper_list(request: StaffRequest, number: int) -> HttpResponse:
    """The files of a village and form: print their blank forms, or key one in."""
    found = round_of(request, number, SEES)
    asked = _Asked(request, found)
    files = assignments.files_to_assign(
        round_=found, village_id=asked.village.pk, unit_id=asked.unit_id
    ).filter(kind=asked.form.subject_kind)
    page = Paginator(files, PER_PAGE).get_page(page_number(request))
    given = assignments.assignments_by_subject(
        round_=found, village_id=asked.village.pk, subject_ids=[row.pk for row in page]
    )
    rows = [(row, given.get(row.pk)) for row in page]
    return render(
        request,
        "staff/collection/papers.html",
        {"round": found, "asked": asked, "page": page, "rows": rows, "query": f"{asked.query}&"},
    )


@require_safe
@staff_page
def paper_print(request: StaffRequest, number: int) -> HttpResponse:
    """Blank forms, one file after another, 40 at a time, each with its code and the version."""
    found = round_of(request, number, SEES)
    asked = _Asked(request, found)
    first = (page_number(request) - 1) * PER_PAGE
    sheets, count = papers.papers_of(
        round_=found,
        village_id=asked.village.pk,
        kind=asked.form.subject_kind,
        unit_id=asked.unit_id,
        first=first,
        most=PER_PAGE,
    )
    return render(
        request,
        "staff/collection/paper_print.html",
        {
            "round": found,
            "asked": asked,
            "count": count,
            "demo": demo_mark(),
            "sheets": [(one, _code(one.subject)) for one in sheets],
            "query": f"{asked.query}&",
            "page": Paginator(range(count), PER_PAGE).get_page(page_number(request)),
            "questions": AnswersForm(asks=read(asked.form.content)),
        },
    )


def _code(subject: Subject) -> str:
    """The household's own code, as on its card; '' for who has no card."""
    if subject.card_issued_at is None:
        return ""
    return svg_image(qr_svg(household_address(subject.qr_token)))


@read_or_act
@staff_page
def paper_key(request: StaffRequest, number: int, subject: int) -> HttpResponse:
    """What stands on a paper form, typed by a clerk; checked like what a phone sends."""
    found = round_of(request, number, SEES)
    row = _file(request, subject)
    form = _form_for(found, row, request.GET.get("form", ""))
    current = current_of(subject=row, form_code=form.code)
    sheet, paper = _typed(request, row, form, current)
    if request.method == "POST" and all([paper.is_valid(), sheet.is_valid()]):
        said = paper.said(form, found.pk, sheet.answers)
        if _received(request, row, said, paper):
            return redirect("staff:round_papers", number=found.pk)
    return render(
        request,
        "staff/collection/paper_key.html",
        {
            "round": found,
            "subject": row,
            "form": form,
            "sheet": sheet,
            "paper": paper,
            "wrong": len(sheet.errors) + len(paper.errors) if request.method == "POST" else 0,
        },
    )


def _typed(
    request: StaffRequest, row: Subject, form: CollectionForm, current: CollectionRecord | None
) -> tuple[AnswersForm, PaperForm]:
    data = request.POST if request.method == "POST" else None
    here = assignments.collectors_in(village_ids=[row.village_id], on=clock.today())
    asks = read(form.content)
    # Photos and measured places are on no paper; what a phone has sent of them stays.
    phones = {one.code for one in asks.questions() if one.kind in (Kind.PHOTO, Kind.LOCATION)}
    before = current.answers.items() if current else ()
    kept = {code: answer for code, answer in before if code in phones}
    sheet = AnswersForm(data, asks=asks, answers=kept, people=papers.people_of(row))
    base = f"{current.uuid}:{current.revision}" if current else ""
    initial: dict[str, Any] = {"uuid": uuid4(), "base": base, "filled_on": clock.today()}
    return sheet, PaperForm(data, people=here[row.village_id], initial=initial)


def _file(request: StaffRequest, subject_id: int) -> Subject:
    found = papers.file_within(request.visitor.scope, SEES, subject_id=subject_id)
    if found is None:
        raise Http404
    return found


def _form_for(found: CollectionRound, row: Subject, written: str) -> CollectionForm:
    fits = [one for one in queries.forms_asked(found) if one.subject_kind == row.kind]
    if row.village.township_id != found.township_id or not fits:
        raise Http404
    return next((one for one in fits if str(one.pk) == written), fits[0])


def _received(request: StaffRequest, row: Subject, said: Said, paper: PaperForm) -> bool:
    by = request.visitor.signing(SEES, row.village_id)
    try:
        kept, _is_new = records.receive(
            subject=row, said=said, by=by, at=clock.now(), collector_id=paper.collector_id
        )
    except DomainError as refusal:
        refused(request, refusal)
        paper.add_error(None, refusal.message)
        return False
    if kept.state == CollectionRecord.State.CONFLICT:
        messages.warning(request, _("收下了，但和别人填的对不上，请在采集记录里一处一处选。"))
    else:
        messages.success(request, _("录好了，回执 %(code)s。") % {"code": kept.receipt})
    return True
