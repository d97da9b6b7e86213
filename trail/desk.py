"""Pages of the records desk: Django's admin, read-only, scoped, linked both ways.

Lies on the floor so that every app registers its own models. Which villages a user may see is
asked of the site (`Desk.scope_of`), so nothing here knows roles.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from trail.scope import Scope
from trail.showing import Shown, column_of, shown

PAGE = 50
EXACTLY = "__id__exact"
CHOSEN = ("__exact", "__isnull")
DATE_PARTS = ("__year", "__month", "__day")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done about a record, on a page of the workspace."""

    words: str
    address: str


class Desk(Protocol):
    """The site the pages are registered with."""

    def scope_of(self, request: HttpRequest) -> Scope:
        """What the user of the request may see."""

    def acts_of(self, request: HttpRequest, row: models.Model) -> Sequence[Act]:
        """What that user can do about the record."""


class Listed(ChangeList):
    """A list whose every link can be followed.

    Where a day was chosen, Django's “clear all filters” says it as a range of moments, which no
    list takes.
    """

    def get_query_string(
        self,
        new_params: dict[str, Any] | None = None,
        remove: Iterable[str] | None = None,
    ) -> str:
        """The day stays as it was chosen."""
        day = self.date_hierarchy
        ranges = {f"{day}__gte", f"{day}__lt"}
        if new_params and not ranges.isdisjoint(new_params):
            chosen = {f"{day}{part}": self.filter_params.get(f"{day}{part}") for part in DATE_PARTS}
            kept = {name: value for name, value in new_params.items() if name not in ranges}
            new_params = {**kept, **chosen}
        return super().get_query_string(new_params, remove)


class ScopedReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists and shows the rows of one model in which the user's scope allows `needs`.

    Every column is shown but those of `exclude`: encrypted ones masked, digests short.
    """

    # No default: forgetting it is a crash, not a leak.
    needs: ClassVar[str]
    # Foreign keys by which the page of the other record links to the list of these.
    found_by: ClassVar[Sequence[str]] = ()
    # First and last characters that stay readable in an encrypted column.
    masks: ClassVar[dict[str, tuple[int, int]]] = {}
    # Columns shown in words of the page's own; those of a list are made without a query.
    says: ClassVar[Mapping[str, Callable[[Any], str]]] = {}
    # Large columns, read only by the page of one record.
    heavy: ClassVar[Sequence[str]] = ()

    actions = None
    exclude: ClassVar[tuple[str, ...]] = ()
    list_per_page = PAGE
    list_max_show_all = PAGE
    # Two counts a page and a count for each filter are too many on a large ledger.
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def scope_of(self, request: HttpRequest) -> Scope:
        """The scope of the request's user."""
        return cast(Desk, self.admin_site).scope_of(request)

    def rows_within(self, scope: Scope) -> models.QuerySet[Any]:
        """The rows that may be seen; a model without a way home of its own says them here."""
        rows = self.model._default_manager  # noqa: SLF001 (the one place of the desk)
        return cast("models.QuerySet[Any]", rows.within(scope, self.needs))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.rows_within(self.scope_of(request)).defer(*self.heavy)
        if self.list_select_related:
            # Also for the page of one record, whose links have titles of two records.
            rows = rows.select_related(*cast("Sequence[str]", self.list_select_related))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Listed

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list under the records' own name; nothing is chosen here."""
        title = self.opts.verbose_name_plural
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One record; auditors are led to what was done to it."""
        about = f"{self.opts.label_lower}:{object_id}"
        audited = about if self.scope_of(request).allows("view_audit") else ""
        more = {"audited": audited, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With a button for each act that is allowed."""
        row = cast(models.Model, context["original"])
        context["acts"] = cast(Desk, self.admin_site).acts_of(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> models.Model:
        """The row; one outside the scope is as absent as one that does not exist."""
        row = super().get_object(request, *args, **kwargs)
        if row is None:
            raise Http404
        return cast(models.Model, row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.scope_of(request).allows(self.needs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is none: what was done is in the audit trail."""
        raise Http404

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters shown and the links between records; no guessing of hidden columns."""
        return lookup in set(self._lookups())

    def _lookups(self) -> Iterator[str]:
        yield from (f"{name}{EXACTLY}" for name in self.found_by)
        name: Any
        for name in self.list_filter or ():
            if isinstance(name, str):
                yield from (f"{name}{chosen}" for chosen in CHOSEN)
            else:
                yield name.parameter_name
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}{part}" for part in DATE_PARTS)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        names = (field.name for field in self.opts.concrete_fields)
        columns = [self._shown(name) for name in names if name not in {"id", *self.exclude}]
        return [*columns, self._links_for(request)]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._shown(name) for name in self.list_display]

    def _shown(self, name: Any) -> Any:
        columns = {field.name: field for field in self.opts.concrete_fields}
        if name not in columns:
            return name
        if name in self.says:
            sorted_by = None if name in self.heavy else name
            return column_of(columns[name], self.says[name], sorted_by=sorted_by)
        return shown(columns[name], mask=self.masks.get(name, (0, 0)))

    def _links_for(self, request: HttpRequest) -> Shown:
        pages = [page for page in self._pages() if page.has_view_permission(request)]

        @admin.display(description=_("相关记录"))
        def related(row: models.Model) -> str:
            links = [link for page in pages for link in page.links_to(row)]
            return format_html_join("\n", '<a href="{}">{}</a>', links)

        return related

    def _pages(self) -> Iterator["ScopedReadOnlyAdmin"]:
        for page in self.admin_site._registry.values():  # noqa: SLF001 (there is no other list)
            if isinstance(page, ScopedReadOnlyAdmin):
                yield page

    def links_to(self, row: models.Model) -> Iterator[tuple[str, str]]:
        """Address and title of each list of these records that belong to `row`."""
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        for name in self.found_by:
            field = self.opts.get_field(name)
            if field.related_model is type(row):
                query = urlencode({f"{name}{EXACTLY}": row.pk})
                yield f"{reverse(address)}?{query}", f"{self.opts.verbose_name_plural}"


class VillageFilter(admin.SimpleListFilter):
    """Filters by village and offers the user's own villages only."""

    title = _("村")
    parameter_name = "village"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The villages in scope; none to choose from when there is but one."""
        village: Any = model_admin.model
        for part in self._path(model_admin.model):
            village = village._meta.get_field(part).related_model
        rows = village._default_manager.within(  # noqa: SLF001 (apps above name the model)
            model_admin.scope_of(request), model_admin.needs
        )
        found = [(str(row.pk), str(row)) for row in rows]
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows of the chosen village; an address that was made up finds nothing."""
        chosen = self.value()
        if chosen is None:
            return queryset
        if not chosen.isdecimal():
            return queryset.none()
        return queryset.filter(**{"__".join(self._path(queryset.model)): int(chosen)})

    @staticmethod
    def _path(model: Any) -> list[str]:
        path: str = model.scope_path
        return path.split("__")
