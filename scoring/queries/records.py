"""What the records desk asks beside the rows themselves."""

from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from scoring.models import Decision, Item, Month, Rating, StarScheme
from trail.scope import Scope, ScopedQuerySet


def months_within(scope: Scope, action: str) -> list[str]:
    """The months of the villages in which `scope` allows `action`, newest first."""
    months = Month.objects.within(scope, action).order_by("-month")
    return list(months.values_list("month", flat=True).distinct())


def item_names(*, village_id: int) -> dict[str, str]:
    """Names of the village's items by code; of a code used again, the newest rule book's."""
    items = Item.objects.filter(village_id=village_id).order_by("rulebook__version")
    return dict(items.values_list("code", "name"))


def ratings_within(scope: Scope, action: str) -> QuerySet[Any]:
    """The ratings there, each with `scheme_name`: what the version that gave it is called."""
    schemes = _schemes().annotate(text=Cast("version", CharField()))
    name = schemes.filter(text=OuterRef("rule_version")).values("name")[:1]
    return Rating.objects.within(scope, action).annotate(scheme_name=Subquery(name))


def decisions_within(scope: Scope, action: str) -> QuerySet[Any]:
    """The decisions there, each with `scheme_name` and `scheme_stars` of the newest version."""
    newest = _schemes().order_by("-version")
    return Decision.objects.within(scope, action).annotate(
        scheme_name=Subquery(newest.values("name")[:1]),
        scheme_stars=Subquery(newest.values("data__stars")[:1]),
    )


def _schemes() -> ScopedQuerySet[StarScheme]:
    return StarScheme.objects.filter(village_id=OuterRef("village_id"), code=OuterRef("scheme"))
