"""Every model says its way home, or stands on the short list of those that have none."""

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import models
from django.test.utils import isolate_apps

from tests.guards.tree import APPS
from trail.scope import Scope, ScopedQuerySet
from villages.models import Township, Village

WITHOUT_SCOPE = {
    "villages.Person": "log-in comes before scope; reached through postings and users",
    "villages.Post": "the one list of posts, the same everywhere",
    "accounts.User": "log-in comes before scope; reached through its person",
    "accounts.Session": "log-in comes before scope; reached through its own user alone",
    "accounts.OldPassword": "read for its own user alone, when a password is chosen",
    "accounts.LogInTry": "names nobody; counted at the door",
    "accounts.Invitation": "found by its secret link, before any log-in",
    "jobs.Call": "belongs to whoever asked, and lasts a minute",
    "jobs.Receipt": "found by the actor's own key, which names its owner",
}
OURS = [model for model in apps.get_models() if model._meta.app_label in APPS]
SCOPED = [model for model in OURS if model._meta.label not in WITHOUT_SCOPE]


def _end_of(model: type[models.Model], path: str) -> type[models.Model] | None:
    """The model a path leads to; Village for a plain `village_id` that outlives its village."""
    for name in path.split("__") if path else []:
        try:
            model = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return Village if model._meta.get_field(f"{name}_id") else None
    return model


def _faults(model: type[models.Model]) -> list[str]:
    found = []
    village_path = getattr(model, "scope_path", None)
    township_path = getattr(model, "township_path", None)
    if (village_path is None) == (township_path is None):
        found.append("states not exactly one of scope_path and township_path")
    if village_path is not None and _end_of(model, village_path) is not Village:
        found.append(f"{village_path} does not lead to a village")
    if township_path is not None and _end_of(model, township_path) is not Township:
        found.append(f"{township_path} does not lead to a township")
    if not isinstance(model._default_manager.get_queryset(), ScopedQuerySet):
        found.append("its default manager knows no `within`")
    return found


@isolate_apps("villages")
def test_guard_sees_a_model_that_forgot_its_way_home():
    class Loose(models.Model):  # noqa: DJ008
        village = models.ForeignKey(Village, models.PROTECT, related_name="+")

        class Meta:
            app_label = "villages"

    class Astray(models.Model):  # noqa: DJ008
        township = models.ForeignKey(Township, models.PROTECT, related_name="+")
        scope_path = "township"
        objects = ScopedQuerySet.as_manager()

        class Meta:
            app_label = "villages"

    assert _faults(Loose) == [
        "states not exactly one of scope_path and township_path",
        "its default manager knows no `within`",
    ]
    assert _faults(Astray) == ["township does not lead to a village"]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_model_states_its_way_home(model):
    assert _faults(model) == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_empty_scope_reaches_no_row_of(model):
    with pytest.raises(EmptyResultSet):
        str(model._default_manager.within(Scope(), "anything").query)


def test_list_of_models_without_scope_is_short_and_true():
    assert set(WITHOUT_SCOPE) <= {model._meta.label for model in OURS}
    assert len(WITHOUT_SCOPE) <= 10
