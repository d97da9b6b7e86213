"""A phone's exported file is read in by a clerk: each record has its own answer."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collected import read_or_act
from households.phone_file import MOST_BYTES
from households.phone_file import bring_in as read_in
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

PAGE = "staff/collected/import.html"


@read_or_act
@staff_page
def bring_in(request: StaffRequest) -> HttpResponse:
    """The form; to a POST what became of each record."""
    visitor = request.visitor
    if not visitor.scope.allows(Action.CHECK_COLLECTION):
        raise Http404
    context = {"most": MOST_BYTES // 1024**2}
    if request.method != "POST":
        return render(request, PAGE, context)

    def sign(village_id: int) -> Actor:
        return visitor.signing(Action.CHECK_COLLECTION, village_id)

    file = request.FILES.get("file")
    content = file.read(MOST_BYTES + 1) if file is not None else b""
    try:
        found = read_in(content=content, scope=visitor.scope, sign=sign, at=clock.now())
    except DomainError as refusal:
        refused(request, refusal)
        return render(request, PAGE, {**context, "wrong": refusal.message}, status=400)
    return render(request, PAGE, {**context, "found": found})
