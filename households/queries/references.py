"""Which rows of the site, in whatever app, speak of a household or a member."""

from collections.abc import Collection, Iterator

from django.db.models import ForeignKey, Model

from households.models import Member, Subject, SubjectSearch

# Rows that are the household's own, or are made anew from it.
OWN = (Member, SubjectSearch)


def spoken_of(model: type[Member | Subject], ids: Collection[int]) -> dict[int, str]:
    """For each of these rows that others refer to, what one of the others is called.

    Whatever app knows of households is asked, also those above this one; a query for each way.
    """
    found: dict[int, str] = {}
    for referring, column in _ways(model):
        if referring in OWN:
            continue
        rows = referring._default_manager.filter(**{f"{column}__in": ids})  # noqa: SLF001
        for pk in rows.order_by().values_list(column, flat=True).distinct():
            found.setdefault(pk, str(referring._meta.verbose_name))
    return found


def _ways(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        field = getattr(relation, "field", None)
        if isinstance(field, ForeignKey) and isinstance(relation.related_model, type):
            yield relation.related_model, field.attname
