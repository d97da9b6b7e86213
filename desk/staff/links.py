"""One-time links to a form: who sent which when, and calling one back."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from households.models import ReportLink
from households.operations.links import revoke_link
from households.queries import reporting
from notices.views import page_number
from trail import clock
from trail.typed import row_number

LINKS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link, how it stands in words, and whether it can still be called back."""

    link: ReportLink
    stand: str
    is_open: bool


@require_safe
@staff_page
def links(request: StaffRequest) -> HttpResponse:
    """The links of the visitor's villages, or of one file, newest first; never the address."""
    scope = request.visitor.scope
    if not scope.allows(Action.CHECK_COLLECTION):
        raise Http404
    found = reporting.links_within(scope, Action.CHECK_COLLECTION)
    file_asked = row_number(request.GET.get("file", ""))
    if file_asked is not None:
        found = found.filter(subject_id=file_asked)
    page = Paginator(found, LINKS_PER_PAGE).get_page(page_number(request))
    at = clock.now()
    rows = [LinkRow(link, _stand(link, at), reporting.is_open(link, at=at)) for link in page]
    query = "" if file_asked is None else f"file={file_asked}&"
    context = {"page": page, "rows": rows, "query": query}
    return render(request, "staff/collected/links.html", context)


def _stand(link: ReportLink, at: datetime) -> str:
    if link.used_at is not None:
        return _("已经填好")
    if link.void_at is not None:
        return _("已作废")
    return _("还没用") if link.expires_at > at else _("过期了，没有用")


@require_POST
@staff_page
def revoke(request: StaffRequest, number: int) -> HttpResponse:
    """The link opens nothing any more; one that was used has been used."""
    scope, action = request.visitor.scope, Action.CHECK_COLLECTION
    link = reporting.links_within(scope, action).filter(pk=number).first()
    if link is None:
        raise Http404
    by = request.visitor.signing(action, link.village_id)
    if revoke_link(link=link, by=by, at=clock.now()):
        messages.success(request, _("这个链接已经作废，打不开了。"))
    else:
        messages.error(request, _("这个链接已经填好或者作废过，不用再作废。"))
    return redirect("staff:links")
