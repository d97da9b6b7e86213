"""Public part of the API: villages, notices, rows during the period, the check of a code."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoints.doors import Public, PublicList
from accounts.endpoints.filters import Filters, MonthFilter, Ordering
from accounts.endpoints.paging import Pages
from notices import proof, queries, sheets
from notices.genuine import is_genuine
from notices.models import Notice
from notices.periods import runs
from notices.rows import ROWS_PER_PAGE
from notices.serializers import (
    CheckedSerializer,
    NoticeDetailSerializer,
    PublicNoticeSerializer,
    PublicVillageSerializer,
    RowPageSerializer,
    RowSerializer,
)
from trail.clock import today
from villages import queries as village_queries


class RowPages(Pages):
    """As many rows as a page of the notice shows."""

    most = ROWS_PER_PAGE


class PublicVillageFilters(Filters):
    """By name or township, exactly."""

    name = django_filters.CharFilter(max_length=40)
    township = django_filters.CharFilter(field_name="township__name", max_length=40)
    ordering = Ordering("code", "name")


class NoticeFilters(Filters):
    """By village, kind and month."""

    village = django_filters.CharFilter(field_name="village__slug", max_length=80)
    kind = django_filters.ChoiceFilter(choices=Notice.Kind.choices)
    month = MonthFilter()


@extend_schema_view(
    list=extend_schema(summary=_("全部村"), operation_id="public_villages"),
    retrieve=extend_schema(summary=_("一个村"), operation_id="public_village"),
)
class PublicVillages(mixins.RetrieveModelMixin, PublicList):
    """Villages as the public list shows them."""

    serializer_class = PublicVillageSerializer
    filterset_class = PublicVillageFilters
    lookup_field = "slug"

    def rows(self) -> QuerySet[Any]:
        """Every village with its township, by code."""
        return village_queries.every_village()


@extend_schema_view(
    list=extend_schema(summary=_("已公布的公示，正在公示的在前"), operation_id="public_notices")
)
class PublicNotices(PublicList):
    """Published notices of all villages."""

    serializer_class = PublicNoticeSerializer
    filterset_class = NoticeFilters

    def rows(self) -> QuerySet[Any]:
        """In the order people read them."""
        return queries.published_to_list(on=today())


class PublicNotice(Public):
    """One published notice."""

    @extend_schema(
        summary=_("一份公示：合计和核对凭据"),
        operation_id="public_notice",
        responses=NoticeDetailSerializer,
    )
    def get(self, request: Request, slug: str, number: str) -> Response:
        """Title, totals and proof; they stay after the period."""
        return Response(NoticeDetailSerializer(_notice(slug, number)).data)


class PublicRows(Public):
    """The rows of a notice while it runs."""

    parameters = ("group", "page", "page_size")

    @extend_schema(
        summary=_("一份公示里各户的分数，公示的时候才有"),
        operation_id="public_notice_rows",
        parameters=[
            OpenApiParameter("group", str, description=_("只要这个小组，如 3组")),
            OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": 100_000}),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 50}),
        ],
        responses=RowPageSerializer,
    )
    def get(self, request: Request, slug: str, number: str) -> Response:
        """Labels as on the page: masked, or the number alone."""
        notice = _notice(slug, number)
        if not runs(publish_on=notice.publish_on, until_on=notice.until_on, on=today()):
            raise NotFound
        group = request.query_params.get("group")
        rows = [row for row in sheets.all_rows(notice) if group in (None, row.group)]
        paging = RowPages()
        page = paging.paginate_queryset(rows, request, self)
        answer = paging.get_paginated_response(RowSerializer(page, many=True).data)
        answer["X-Robots-Tag"] = "noindex"
        return answer


class PublicCode(Public):
    """The code printed on paper."""

    @extend_schema(
        summary=_("核对纸上的核对码"), operation_id="public_code", responses=CheckedSerializer
    )
    def get(self, request: Request, code: str) -> Response:
        """Compared with one computed anew from the stored content, at every request."""
        read = proof.read_code(code)
        try:
            notice = queries.notice_to_check(code=read)
        except Notice.DoesNotExist as missing:
            raise NotFound from missing
        genuine = is_genuine(notice, code=read)
        shown = {"genuine": genuine, "notice": notice if genuine else None}
        return Response(CheckedSerializer(shown).data)


def _notice(slug: str, number: str) -> Notice:
    try:
        return queries.notice_to_read(slug=slug, number=number)
    except Notice.DoesNotExist as missing:
        raise NotFound from missing
