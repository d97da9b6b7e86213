"""Pages of logged-in staff: who looks, what that person may do, and in which role it is signed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts import scope as scopes
from accounts.models import User
from accounts.roles import PERSONAL, Action
from trail.actor import Actor
from trail.requests import actor_at
from trail.scope import Scope, reach

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A log-in at the edge: its person, its scope, and the request that it signs for."""

    user: User
    scope: Scope
    request: HttpRequest

    @property
    def has_post(self) -> bool:
        """Whether any posting is in force today."""
        return any(self.scope.allows(action) for action in Action)

    def may(self, action: Action, village_id: int) -> bool:
        """Whether the action is allowed in this village."""
        return village_id in self.scope.village_ids(action)

    def signing(
        self, action: Action, village_id: int | None = None, *, township_id: int | None = None
    ) -> Actor:
        """The actor of an act in a village, or in a township as a whole.

        Where it is not allowed the page is not found.
        """
        role = scopes.role_for(
            self.user, action=action, village_id=village_id, township_id=township_id
        )
        if role is None:
            raise Http404
        return actor_of(self.request, self.user, role=role)


def actor_of(request: HttpRequest, user: User, *, role: str = "own_account") -> Actor:
    """The person of a log-in; unless told, with the own log-in in no role of a village."""
    return actor_at(
        request, name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk
    )


class StaffRequest(HttpRequest):
    """A request of a logged-in person."""

    visitor: Visitor


def scope_of(request: HttpRequest) -> Scope:
    """What the postings of the request's person allow today; asked once a request.

    With it the request's transaction reaches the personal data those postings need. A page that
    asks nobody's scope reaches none, and costs no query for it.
    """
    user = cast(User, request.user)
    # An API's request is wrapped in another one.
    asked: HttpRequest = getattr(request, "_request", request)
    known: Scope | None = getattr(asked, "scope", None)
    if known is not None:
        return known
    found = scopes.of(user)
    reach(id_ for action in PERSONAL for id_ in found.village_ids(action))
    asked.scope = found  # type: ignore[attr-defined]
    return found


def staff_page(view: View) -> View:
    """For a logged-in person: `request.visitor` is built once, and nothing is kept by a cache."""

    @never_cache
    @login_required
    @wraps(view)
    def answer(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.visitor = visitor_of(request)
        return view(request, *args, **kwargs)

    return answer


def visitor_of(request: HttpRequest) -> Visitor:
    """Who looks: the logged-in user with what today's postings allow."""
    user = cast(User, request.user)
    return Visitor(user=user, scope=scope_of(request), request=request)
