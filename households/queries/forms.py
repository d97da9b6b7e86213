"""Reading collection forms."""

from django.db.models import QuerySet

from households.models import CollectionForm
from trail.scope import Scope
from villages.queries import townships_within


def forms_within(scope: Scope, action: str) -> QuerySet[CollectionForm]:
    """The forms of the townships that the scope reaches as a whole, the newest version first."""
    found = CollectionForm.objects.within(scope, action).select_related("township")
    return found.order_by("township_id", "purpose", "subject_kind", "code", "-version")


def forms_around(scope: Scope, action: str) -> QuerySet[CollectionForm]:
    """The forms of the townships in whose villages, or as a whole, the scope allows the action."""
    townships = townships_within(scope, action)
    return CollectionForm.objects.filter(township__in=townships).select_related("township")


def form_within(scope: Scope, action: str, *, form_id: int) -> CollectionForm | None:
    """One of them; None outside the scope as for none at all."""
    return forms_within(scope, action).filter(pk=form_id).first()


def forms_in_use(*, township_id: int) -> QuerySet[CollectionForm]:
    """What a round of the township can ask."""
    used = CollectionForm.objects.filter(township_id=township_id, state=CollectionForm.State.IN_USE)
    return used.order_by("purpose", "subject_kind", "code")
