"""Bringing the township's own sheet of households in: what one has brought, and the next file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.exporting.import_sheets import template
from desk.exporting.reach import Place, import_places, is_reached
from desk.staff.import_forms import UploadForm
from households.models import ImportBatch
from households.operations import import_batches
from households.queries.imports import imports_of
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


def signing(request: StaffRequest, place: Place) -> Actor:
    """Who imports in this place; where it is not allowed the page is not found."""
    action = Action.IMPORT_REGISTER
    if not is_reached(request.visitor.scope, place, action):
        raise Http404
    if place.village is not None:
        return request.visitor.signing(action, place.village.pk)
    return request.visitor.signing(action, township_id=place.township.pk)


def mine(request: StaffRequest, number: int) -> ImportBatch:
    """The visitor's own import; nobody else's is found."""
    batch = imports_of(user_id=request.visitor.user.pk).filter(pk=number).first()
    if batch is None:
        raise Http404
    return batch


def step_of(batch: ImportBatch) -> str:
    """The page of the step an import is at."""
    state = ImportBatch.State
    steps = {
        state.UPLOADED: "import_columns",
        state.MAPPED: "import_check",
        state.CHECKED: "import_check",
        state.CONFIRMED: "import_confirm",
    }
    return "staff:" + steps.get(state(batch.state), "import_done")


def go_on(batch: ImportBatch) -> HttpResponse:
    """To the page of the step it is at."""
    return redirect(step_of(batch), number=batch.pk)


def as_file(content: bytes, *, name: str) -> HttpResponse:
    """A sheet to keep; its name says nothing of anybody."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@read_or_act
@staff_page
def imports(request: StaffRequest) -> HttpResponse:
    """The visitor's own imports, and the form for the next file."""
    offered = import_places(request.visitor.scope)
    if not offered:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, offered=offered)
    if request.method == "POST" and form.is_valid() and (taken := _taken(request, form)):
        return go_on(taken)
    own = imports_of(user_id=request.visitor.user.pk)
    page = Paginator(own, PER_PAGE).get_page(page_number(request))
    lines = [(batch, step_of(batch)) for batch in page]
    context = {"form": form, "page": page, "lines": lines}
    status = 400 if form.errors else 200
    return render(request, "staff/import/list.html", context, status=status)


def _taken(request: StaffRequest, form: UploadForm) -> ImportBatch | None:
    """The import that was begun; None when the file is refused, which the form then says."""
    place, file = form.chosen, form.cleaned_data["file"]
    by = signing(request, place)
    too_big = file.size > import_batches.MOST_BYTES
    try:
        return import_batches.take_file(
            township=place.township,
            village=place.village,
            file_name=file.name,
            # One byte too many says that it is too big without reading it all.
            content=file.read(import_batches.MOST_BYTES + 1) if too_big else file.read(),
            by=by,
            at=clock.now(),
        )
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error("file", refusal.message)
        return None


@require_safe
@staff_page
def blank(request: StaffRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    if not request.visitor.scope.allows(Action.IMPORT_REGISTER):
        raise Http404
    return as_file(template(), name="household-sheet")
