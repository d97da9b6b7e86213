"""Pages of a list, never longer than 200 rows; an absurd number is refused, not guessed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

USUAL_SIZE = 50
MOST_ROWS = 200
LAST_PAGE = 100_000
LARGEST_ID = 10**18 - 1


def whole_number(request: Request, name: str, *, usual: int, most: int) -> int:
    """The parameter as a number from 1 to `most`; raises ValidationError."""
    typed = request.query_params.get(name)
    if typed is None:
        return usual
    if typed.isascii() and typed.isdigit() and len(typed) < 20 and 1 <= int(typed) <= most:
        return int(typed)
    raise ValidationError({name: [_("请填1到%(most)d的整数。") % {"most": most}]})


def _parameter(name: str, most: int, text: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


class Pages(BasePagination):
    """Numbered pages with a count: {count, page, pages, results}."""

    most = MOST_ROWS

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """The rows of the page asked for."""
        self.size = whole_number(request, "page_size", usual=USUAL_SIZE, most=self.most)
        self.number = whole_number(request, "page", usual=1, most=LAST_PAGE)
        self.count = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
        start = (self.number - 1) * self.size
        return list(queryset[start : start + self.size]) if start < self.count else []

    def get_paginated_response(self, data: Any) -> Response:
        """The page with its count; a page after the last is empty."""
        pages = -(-self.count // self.size)
        return Response({"count": self.count, "page": self.number, "pages": pages, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the document."""
        return [
            _parameter("page", LAST_PAGE, _("第几页，从1起。")),
            _parameter("page_size", self.most, _("一页几行。")),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the document."""
        number = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["count", "page", "pages", "results"],
            "properties": {"count": number, "page": number, "pages": number, "results": schema},
        }


class Backwards(BasePagination):
    """Newest first, from the row before a given one: no count, so a long ledger stays quick."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows older than `before`, and whether there are more."""
        size = whole_number(request, "page_size", usual=USUAL_SIZE, most=MOST_ROWS)
        before = whole_number(request, "before", usual=0, most=LARGEST_ID)
        older = queryset.filter(pk__lt=before) if before else queryset
        rows = list(older.order_by("-pk")[: size + 1])
        self.following = rows[size - 1].pk if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """`next` is what to give as `before`; null at the end."""
        return Response({"next": self.following, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the document."""
        return [
            _parameter("before", LARGEST_ID, _("只要编号比它小的；用上一次回答的 next。")),
            _parameter("page_size", MOST_ROWS, _("一次几行。")),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the document."""
        following = {"type": "integer", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }
