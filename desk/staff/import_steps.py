"""The steps of one import: columns, check, confirm, result. Nothing is written before step four."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from desk.exporting.import_sheets import refused_rows
from desk.exporting.reach import Place
from desk.staff.import_forms import ColumnsForm, choice_asked, typed_rows
from desk.staff.imports import as_file, go_on, mine, read_or_act, signing
from households.models import ImportBatch, ImportPage
from households.operations import import_batches, import_columns, import_confirming, import_undoing
from households.operations.import_pages import PAGE_ROWS
from households.queries.imports import (
    choice_of,
    glance_as_saved,
    glance_of,
    imported_before,
    page_of,
    saved_columns,
)
from jobs.models import Job
from jobs.queries import by_key
from jobs.waking import wake
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

# Seconds after which a page of something under way looks again, by itself and without a script.
LOOK_AGAIN = "2"
STEPS = {
    "columns": (ImportBatch.OPEN, "staff/import/columns.html"),
    "check": ((ImportBatch.State.MAPPED, ImportBatch.State.CHECKED), "staff/import/check.html"),
    "confirm": (
        (ImportBatch.State.CHECKED, ImportBatch.State.CONFIRMED),
        "staff/import/confirm.html",
    ),
    "done": (
        (ImportBatch.State.DONE, ImportBatch.State.UNDONE, ImportBatch.State.DROPPED),
        "staff/import/done.html",
    ),
}

Step = Callable[[StaffRequest, ImportBatch, Actor], HttpResponse]


def step(name: str) -> Callable[[Step], Callable[..., HttpResponse]]:
    """A page of an import: of the own one, by who may still import, and at its time.

    At another step one is led there; a refusal is said on the page of the step one is at.
    """
    states, _template = STEPS[name]

    def page(view: Step) -> Callable[..., HttpResponse]:
        @read_or_act
        @staff_page
        @wraps(view)
        def answer(request: StaffRequest, number: int) -> HttpResponse:
            batch = mine(request, number)
            by = signing(request, Place(batch.township, batch.village))
            if batch.state not in states:
                return go_on(batch)
            try:
                return view(request, batch, by)
            except DomainError as refusal:
                refused(request, refusal)
                messages.error(request, refusal.message)
            return go_on(mine(request, number))

        return answer

    return page


def _shown(
    request: StaffRequest, name: str, batch: ImportBatch, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"batch": batch, "village": batch.village, **more}
    response = render(request, STEPS[name][1], context, status=status)
    if more.get("is_under_way"):
        response["Refresh"] = LOOK_AGAIN
    return response


@step("columns")
def columns(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    """Which column of the file is what: as it was recognised, to be put right."""
    seen = glance_of(batch, choice_of(batch.mapping))
    asked = choice_asked(request.GET, sheets=seen.sheets)
    if asked is not None:
        seen = glance_as_saved(batch, asked)
    if request.POST.get("act") == "forget":
        import_columns.forget_columns(batch=batch, by=by, at=clock.now())
        messages.success(request, _("已经忘掉。下面的列是重新认出来的。"))
        return go_on(batch)
    form = ColumnsForm(request.POST if request.method == "POST" else None, seen=seen)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        chosen = import_batches.choose_columns(batch=batch, mapping=form.mapping(), by=by, at=at)
        return _checking(chosen)
    return _shown(
        request,
        "columns",
        batch,
        status=400 if form.errors else 200,
        form=form,
        seen=seen,
        sheets=list(enumerate(seen.sheets, 1)),
        before=imported_before(batch),
        saved=saved_columns(township_id=batch.township_id, layout=seen.layout),
    )


def _checking(batch: ImportBatch) -> HttpResponse:
    """To the check; a large file is checked by a worker, who is told."""
    job = by_key(kind=import_batches.CHECK, key=import_batches.reference(batch))
    if batch.state == ImportBatch.State.MAPPED and job is not None:
        wake(import_batches.CHECK, job_id=job.pk)
    return redirect("staff:import_check", number=batch.pk)


@step("check")
def check(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    """What would be added, changed and refused; wrong rows are put right here."""
    if request.method == "POST":
        return _acted_on_check(request, batch, by)
    job = by_key(kind=import_batches.CHECK, key=import_batches.reference(batch))
    if batch.state == ImportBatch.State.MAPPED:
        return _under_way(request, "check", batch, job)
    tab = request.GET.get("tab", "")
    if tab not in ImportPage.Tab.values:
        tab = ImportPage.Tab.REFUSED if batch.counts["refused"] else ImportPage.Tab.CHANGED
    page = _page(request, batch, tab)
    lines = page_of(batch, tab=tab, number=page.number)
    tabs = [(code, words, batch.counts[code]) for code, words in ImportPage.Tab.choices]
    more: dict[str, Any] = {
        "tab": tab,
        "tabs": tabs,
        "page": page,
        "lines": lines,
        "query": f"tab={tab}&",
    }
    return _shown(request, "check", batch, **more)


def _page(request: StaffRequest, batch: ImportBatch, tab: str) -> Page[int]:
    rows = batch.counts[tab]
    if tab == ImportPage.Tab.SAME:
        rows -= batch.counts["repeats"]
    return Paginator(range(rows), PAGE_ROWS).get_page(page_number(request))


def _acted_on_check(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    act, at = request.POST.get("act"), clock.now()
    if act == "fetch":
        rows = batch.counts.get("refused", 0)
        import_batches.hand_out_refused(batch=batch, rows=rows, by=by, at=at)
        return as_file(refused_rows(batch), name=f"import-{batch.pk}-wrong-rows")
    if act == "drop":
        import_batches.drop(batch=batch, by=by, at=at)
        messages.success(request, _("这次不导了，上传的文件已经清掉。"))
        return redirect("staff:imports")
    if act == "again":
        return _checking(import_batches.check_again(batch=batch, by=by, at=at))
    fixes = typed_rows(request.POST)
    if act != "type" or not fixes:
        messages.error(request, _("还没有填要改的内容。请在出错的行里填好，再按“保存并重新检查”。"))
        return redirect("staff:import_check", number=batch.pk)
    return _checking(import_batches.type_over(batch=batch, fixes=fixes, by=by, at=at))


def _under_way(
    request: StaffRequest, name: str, batch: ImportBatch, job: Job | None
) -> HttpResponse:
    """How far the worker is, or why it has given up."""
    is_open = job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)
    more: dict[str, Any] = {"job": job, "is_under_way": is_open, "seconds_left": _seconds_left(job)}
    return _shown(request, name, batch, **more)


def _seconds_left(job: Job | None) -> int | None:
    """At the speed so far."""
    if job is None or not job.done or job.state != Job.State.RUNNING:
        return None
    gone = (clock.now() - job.asked_at).total_seconds()
    return max(1, round(gone * (job.total - job.done) / job.done))


@step("confirm")
def confirm(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    """All or nothing, or the good rows now; then how far it is."""
    if request.method == "POST":
        return _acted_on_confirm(request, batch, by)
    if batch.state == ImportBatch.State.CONFIRMED:
        job = by_key(kind=import_batches.WRITE, key=import_batches.reference(batch))
        return _under_way(request, "confirm", batch, job)
    good = batch.counts["added"] + batch.counts["changed"]
    return _shown(request, "confirm", batch, good=good)


def _acted_on_confirm(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    act, at = request.POST.get("act"), clock.now()
    if act == "cancel":
        import_confirming.cancel(batch=batch, by=by, at=at)
        messages.success(request, _("已经停止，什么也没有写进去。"))
    elif act == "again":
        return _checking(import_batches.check_again(batch=batch, by=by, at=at))
    elif act == "start":
        skips = request.POST.get("rows") == "good"
        job = import_confirming.confirm(batch=batch, skips_bad_rows=skips, by=by, at=at)
        wake(import_batches.WRITE, job_id=job.pk)
    return redirect("staff:import_confirm", number=batch.pk)


@step("done")
def done(request: StaffRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    """What was written, and taking it back for a day."""
    at = clock.now()
    if request.method == "POST":
        if request.POST.get("act") != "undo":
            raise Http404
        others = request.POST.get("others") == "1"
        people = import_undoing.undo(batch=batch, leaves_changed=others, by=by, at=at)
        messages.success(request, _("已经撤销：%(n)s人回到导入以前。") % {"n": people})
        return redirect("staff:import_done", number=batch.pk)
    may = batch.state == ImportBatch.State.DONE and batch.undo_until and batch.undo_until > at
    kept = import_undoing.kept_back(batch=batch) if may and batch.wiped_at is None else []
    return _shown(request, "done", batch, may_undo=may, kept=kept)
