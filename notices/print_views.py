"""Paper: the print view of a notice and its PDF. The page needs no script; the browser prints."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from notices import queries
from notices.models import Notice
from notices.periods import period
from notices.printing import notice_sheet, press
from notices.printing.codes import svg_image
from notices.printing.options import DENSITIES, PAPERS, Options, asked_options
from notices.sheets import all_rows
from notices.views import public_page
from trail import clock

BUSY_SECONDS = 20
View = Callable[..., HttpResponse]


def uses_press(view: View) -> View:
    """A press that is busy asks to come again, and holds no thread."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except press.PressIsBusy:
            words = _("正在打印的人多，请过一会儿再打开这一页。")
            response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
            response["Retry-After"] = str(BUSY_SECONDS)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def pdf_answer(printed: press.Printed, *, name: str) -> HttpResponse:
    """A PDF to be shown in the browser, and saved under this name of plain letters."""
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def choices(options: Options) -> list[dict[str, Any]]:
    """The links of the toolbar: each paper and each density beside the other choice."""
    words = {"a4": "A4", "a3": "A3", "normal": _("普通"), "compact": _("紧凑")}
    papers = [(name, Options(name, options.density)) for name in PAPERS]
    densities = [(name, Options(options.paper, name)) for name in DENSITIES]
    return [
        {"words": words[name], "query": option.query, "chosen": option == options}
        for name, option in (*papers, *densities)
    ]


@public_page
@uses_press
def print_page(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The sheet as the browser prints it; the toolbar above it says how many pages it takes."""
    notice = _published(slug, number)
    options = asked_options(request.GET)
    sheet = _sheet(notice, options)
    context = {
        "notice": notice,
        "village": notice.village,
        "sheet": sheet,
        "options": options,
        "choices": choices(options),
        "pages": press.page_count(notice_sheet.TEMPLATE, sheet),
        "qr_image": svg_image(sheet["proof"]["qr"]),
        "pdf": f"{reverse('notices:pdf', args=[slug, number])}?{options.query}",
        "back": reverse("notices:notice", args=[slug, number]),
    }
    return render(request, "notices/print.html", context)


@public_page
@uses_press
def print_pdf(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The same sheet as PDF."""
    notice = _published(slug, number)
    options = asked_options(request.GET)
    printed = press.printed(notice_sheet.TEMPLATE, _sheet(notice, options))
    return pdf_answer(printed, name=f"{slug}-{number}-{options.paper}-{options.density}")


def _published(slug: str, number: str) -> Notice:
    try:
        return queries.notice_to_read(slug=slug, number=number)
    except Notice.DoesNotExist as missing:
        raise Http404 from missing


def _sheet(notice: Notice, options: Options) -> notice_sheet.Sheet:
    if notice.publish_on is None or notice.until_on is None:
        raise Http404
    shown = period(publish_on=notice.publish_on, until_on=notice.until_on, on=clock.today())
    rows = all_rows(notice) if shown.running else []
    days = queries.days_to_answer(township_id=notice.village.township_id)
    printing = notice_sheet.Printing(options=options, at=clock.now(), answer_days=days)
    return notice_sheet.notice_sheet(notice, period=shown, rows=rows, printing=printing)
