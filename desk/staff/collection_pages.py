"""What the pages of collection have in common: which forms and rounds the visitor reaches."""

from django.http import Http404
from django.views.decorators.http import require_http_methods

from accounts.pages import StaffRequest
from accounts.roles import Action
from households.models import CollectionForm, CollectionRound
from households.queries.forms import form_within
from households.queries.rounds import round_within
from trail.actor import Actor
from villages.models import Township
from villages.queries import whole_townships_within

read_or_act = require_http_methods(["GET", "HEAD", "POST"])


def townships_of(request: StaffRequest) -> list[Township]:
    """The townships whose collection the visitor manages; without one there is no page."""
    found = whole_townships_within(request.visitor.scope, Action.MANAGE_COLLECTION)
    if not found:
        raise Http404
    return found


def township_chosen(request: StaffRequest) -> Township:
    """The township the page names, or the only one."""
    found = townships_of(request)
    chosen = request.POST.get("township") or request.GET.get("township") or found[0].code
    return next((one for one in found if one.code == chosen), found[0])


def form_of(request: StaffRequest, number: int) -> CollectionForm:
    """The form; outside the visitor's townships there is none."""
    found = form_within(request.visitor.scope, Action.MANAGE_COLLECTION, form_id=number)
    if found is None:
        raise Http404
    return found


def signed(request: StaffRequest, township_id: int) -> Actor:
    """The visitor as who manages this township's collection."""
    return request.visitor.signing(Action.MANAGE_COLLECTION, township_id=township_id)


def round_of(request: StaffRequest, number: int, action: Action) -> CollectionRound:
    """The round; where the visitor may not do this there is none."""
    found = round_within(request.visitor.scope, action, round_id=number)
    if found is None:
        raise Http404
    return found


def round_to_manage(request: StaffRequest, number: int) -> CollectionRound:
    """The round, for who manages its township's collection."""
    found = round_of(request, number, Action.MANAGE_COLLECTION)
    if found.township_id not in request.visitor.scope.township_ids(Action.MANAGE_COLLECTION):
        raise Http404
    return found


def manages(request: StaffRequest, found: CollectionRound) -> bool:
    """Whether the visitor may change the round."""
    return found.township_id in request.visitor.scope.township_ids(Action.MANAGE_COLLECTION)
