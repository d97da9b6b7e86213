"""The red list of a village: a public page, and the same list as PDF for the wall."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from notices import queries
from notices.honour import Honoured, current_rows, honoured
from notices.models import Notice
from notices.print_views import pdf_answer, uses_press
from notices.printing import honour_sheet, press
from notices.printing.options import asked_options
from notices.sheets import all_rows
from notices.views import public_page, village_or_404
from villages.models import Village


@public_page
def honour_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The adopted top part of the village; no page where none was adopted."""
    village = village_or_404(slug)
    newest, lines = _list(village)
    context = {
        "village": village,
        "notice": newest,
        "lines": lines,
        "until": honour_sheet.until_words(newest.month or ""),
    }
    response = render(request, "notices/honour.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@public_page
@uses_press
def honour_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same list with its red band, on A4 or A3."""
    village = village_or_404(slug)
    newest, lines = _list(village)
    options = asked_options(request.GET)
    if newest.publish_on is None:
        raise Http404
    sheet = honour_sheet.honour_sheet(
        village,
        month=newest.month or "",
        shown_on=newest.publish_on,
        lines=lines,
        options=options,
    )
    printed = press.printed(honour_sheet.TEMPLATE, sheet)
    return pdf_answer(printed, name=f"{slug}-honour-{options.paper}")


def _list(village: Village) -> tuple[Notice, list[Honoured]]:
    notices = queries.points_notices_of_last_month(village_id=village.pk)
    if not (village.honour_rows and notices):
        raise Http404
    rows = current_rows([all_rows(notice) for notice in notices])
    return notices[-1], honoured(rows, most=village.honour_rows)
