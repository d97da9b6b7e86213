"""The two doors of the API: for anyone, and for logged-in staff within their scope."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import attempts, transactions
from accounts.endpoints.paging import Pages
from accounts.endpoints.sessions import Session
from accounts.pages import Visitor, visitor_of
from accounts.roles import Action
from trail.scope import Scope


class FilterBackend(DjangoFilterBackend):
    """Gives each filter set its view."""

    def get_filterset_kwargs(self, request: Request, queryset: Any, view: Any) -> dict[str, Any]:
        """With the view, whose scope limits what may be chosen."""
        return {**super().get_filterset_kwargs(request, queryset, view), "view": view}


class Door(APIView):
    """What every address has in common: known methods, known parameters, once each."""

    # The call is counted first, whatever the answer will be.
    begins_late = True
    http_method_names = ["get", "head", "post"]  # noqa: RUF012
    # Parameters beside those of the filter and the paging.
    parameters: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Method, log-in, limit, then parameters."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        transactions.begin(request._request)  # noqa: SLF001 (DRF wraps the request)
        self._refuse_unknown(request)

    def handle_exception(self, exc: Exception) -> Response:
        """As on a page: nothing of what raises is kept."""
        attempts.note(self.request._request, exc)  # noqa: SLF001
        return super().handle_exception(exc)

    def _refuse_unknown(self, request: Request) -> None:
        known = set(self._known())
        wrong: dict[str, list[str]] = {}
        for name, values in request.query_params.lists():
            if name not in known:
                wrong[_shown(name)] = [_("没有这个参数。")]
            elif len(values) > 1:
                wrong[name] = [_("这个参数只能写一次。")]
            elif not values[0]:
                wrong[name] = [_("写了这个参数就要有值。")]
        if wrong:
            raise ValidationError(wrong)

    def _known(self) -> Iterable[str]:
        return self.parameters


def _shown(name: str) -> str:
    return "".join(sign for sign in name[:40] if sign.isprintable())


class Public(Door):
    """For anyone; nothing about the visitor changes the answer."""

    authentication_classes = ()
    permission_classes = ()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        """May be kept, but is asked for again each time."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(answer, no_cache=True)
        return answer


class Staff(Door):
    """For a logged-in person; `visitor` is built once, and nothing is kept by a cache."""

    authentication_classes = (Session,)
    permission_classes = (IsAuthenticated,)
    visitor: Visitor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody is let in without a log-in."""
        super().initial(request, *args, **kwargs)
        self.visitor = visitor_of(request)

    @property
    def scope(self) -> Scope:
        """What the visitor's postings allow; nothing while the document is written."""
        return Scope() if getattr(self, "swagger_fake_view", False) else self.visitor.scope

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Kept nowhere."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer


class Listed(GenericViewSet[Any]):
    """A list by an explicit filter set, in numbered pages."""

    pagination_class: Any = Pages
    filter_backends = (FilterBackend,)
    filterset_class: Any = None
    parameters: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet[Any]:
        """The rows that may be seen, in their usual order."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """What DRF lists and looks up."""
        return self.rows()

    def _known(self) -> Iterable[str]:
        if getattr(self, "action", None) != "list":
            return self.parameters
        named = self.filterset_class.base_filters if self.filterset_class else ()
        paging: list[dict[str, str]] = self.pagination_class().get_schema_operation_parameters(self)
        return [*self.parameters, *named, *(parameter["name"] for parameter in paging)]


class PublicList(Listed, mixins.ListModelMixin, Public):
    """A list for anyone."""


class StaffList(Listed, mixins.ListModelMixin, Staff):
    """A list of rows within the scope of `needs`, which has no default."""

    needs: Action


class StaffRecords(mixins.RetrieveModelMixin, StaffList):
    """The list and each row by its number; a row out of scope is not there."""

    lookup_value_regex = "[0-9]{1,18}"
