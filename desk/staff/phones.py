"""Phones of collectors: when each was last seen, what is unsent on it, and one that is lost."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from households.models import CollectorPhone, Subject
from households.operations.phones import restore_phone, revoke_phone
from households.queries import collected
from notices.views import page_number
from trail import clock
from trail.actor import Actor

PHONES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A phone, and the files begun on it that have not arrived; those elsewhere are counted."""

    phone: CollectorPhone
    drafts: list[tuple[Subject, str]]
    elsewhere: int


def _states() -> dict[str, str]:
    return {
        "draft": _("草稿"),
        "queued": _("待发送"),
        "sending": _("发送中"),
        "partial": _("传了一半"),
        "returned": _("要改"),
        "conflict": _("有冲突"),
    }


@require_safe
@staff_page
def phones(request: StaffRequest) -> HttpResponse:
    """Whose phone, last seen when, with which files unsent."""
    scope = request.visitor.scope
    if not scope.allows(Action.CHECK_COLLECTION):
        raise Http404
    page = Paginator(collected.phones_within(scope), PHONES_PER_PAGE).get_page(page_number(request))
    ids = {int(draft["subject"]) for phone in page for draft in phone.drafts}
    named = collected.named_files(scope, ids)
    rows = [_row(phone, named) for phone in page]
    context = {"page": page, "rows": rows}
    return render(request, "staff/collected/phones.html", context)


def _row(phone: CollectorPhone, named: dict[int, Subject]) -> PhoneRow:
    states = _states()
    drafts: list[dict[str, Any]] = phone.drafts
    known = [
        (named[draft["subject"]], states.get(draft["state"], draft["state"]))
        for draft in drafts
        if draft["subject"] in named
    ]
    return PhoneRow(phone, known, len(drafts) - len(known))


@require_POST
@staff_page
def revoke(request: StaffRequest, number: int) -> HttpResponse:
    """The phone is lost: nothing is taken from it any more."""
    phone, by = _found(request, number)
    revoke_phone(phone=phone, by=by, at=clock.now())
    messages.success(request, _("已停用这部手机。上面没发送的户在下面列着，请派给别人再采集。"))
    return redirect("staff:phones")


@require_POST
@staff_page
def restore(request: StaffRequest, number: int) -> HttpResponse:
    """The phone was found: who logs in on it reads and sends what is on it."""
    phone, by = _found(request, number)
    restore_phone(phone=phone, by=by, at=clock.now())
    messages.success(request, _("已恢复使用。采集员在这部手机上登录，没发送的接着发送。"))
    return redirect("staff:phones")


def _found(request: StaffRequest, number: int) -> tuple[CollectorPhone, Actor]:
    scope = request.visitor.scope
    phone = collected.phone_within(scope, number=number)
    if phone is None:
        raise Http404
    village_id = collected.village_of_phone(scope, phone)
    return phone, request.visitor.signing(Action.CHECK_COLLECTION, village_id)
