"""Star and credit schemes: checked, versioned, put in force."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from scoring.engine.errors import SchemeIsInvalid
from scoring.engine.loading import scheme_from_data
from scoring.models import StarScheme
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village


class SchemeNotUsable(DomainError):
    """The data does not describe a scheme; `facts["problems"]` says where and what."""

    code = "scheme_not_usable"


@transaction.atomic
def put_scheme_in_force(
    *, village: Village, data: Mapping[str, object], name: str, by: Actor, at: datetime
) -> StarScheme:
    """Rate the village by this scheme from the next rating on; the version before it ends.

    Raises SchemeNotUsable with every mistake in the data.
    """
    try:
        scheme = scheme_from_data(data)
    except SchemeIsInvalid as mistake:
        problems = [(found.where, found.what) for found in mistake.problems]
        raise SchemeNotUsable(
            _("星级方案有%d处要改。") % len(problems), problems=problems
        ) from mistake
    mine = StarScheme.objects.select_for_update().filter(village=village, code=scheme.code)
    mine.filter(in_force=True).update(in_force=False)
    made = StarScheme.objects.create(
        village=village,
        code=scheme.code,
        name=name,
        version=scheme.version,
        data=dict(data),
        in_force=True,
    )
    record(
        by=by,
        at=at,
        what="scheme.in_force",
        about=f"scoring.starscheme:{made.pk}",
        village_id=village.pk,
        detail={"code": made.code, "version": made.version},
    )
    return made
