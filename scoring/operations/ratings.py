"""Stars and grades: facts in bulk, the pure engine, one bulk write."""

import hashlib
import json
from datetime import datetime

from django.db import transaction

from scoring.engine.loading import scheme_from_data
from scoring.engine.rating import Scheme, rate_all
from scoring.engine.results import Rating as Rated
from scoring.engine.results import rating_bytes, reasons_json
from scoring.models import Rating, StarScheme
from scoring.queries import ratings as facts
from trail.actor import Actor
from trail.operations import part, record

BATCH = 2_000


@transaction.atomic
def recompute(*, village_id: int, period: str, by: Actor, at: datetime) -> int:
    """Rate every subject of the village for the period (a month); answers how many ratings.

    What people have approved stays as it is. The same facts give the same rows (I-26).
    """
    rated = rate(village_id=village_id, period=period)
    if rated is not None:
        record(
            by=by,
            at=at,
            what="ratings.recomputed",
            about=f"villages.village:{village_id}",
            village_id=village_id,
            detail={"period": period, "ratings": rated},
        )
    return rated or 0


@part
def rate(*, village_id: int, period: str) -> int | None:
    """Rate as a part of the operation that closes the month; None where no scheme is in force."""
    schemes = facts.schemes_in_force(village_id=village_id)
    return sum(_rate(scheme, period=period) for scheme in schemes) if schemes else None


def _rate(stored: StarScheme, *, period: str) -> int:
    scheme: Scheme = scheme_from_data(stored.data)
    approved = facts.approved_subject_ids(
        village_id=stored.village_id, scheme=stored.code, period=period
    )
    found = facts.facts_of(
        village_id=stored.village_id,
        scheme=stored.code,
        period=facts.year_to(period),
        minus_months=scheme.minus_months,
    )
    batch: list[Rating] = []
    count = 0
    for rating in rate_all(scheme, found):
        if rating.subject_id in approved:
            continue
        batch.append(_row(rating, village_id=stored.village_id))
        count += 1
        if len(batch) == BATCH:
            _write(batch)
            batch = []
    _write(batch)
    return count


def _row(rated: Rated, *, village_id: int) -> Rating:
    return Rating(
        village_id=village_id,
        subject_id=rated.subject_id,
        scheme=rated.scheme,
        period=rated.period,
        stars=list(rated.stars),
        missing=list(rated.missing),
        grade=rated.grade or "",
        score=rated.score,
        reasons=json.loads(reasons_json(rated.reasons)),
        rule_version=str(rated.rule_version),
        digest=hashlib.sha256(rating_bytes(rated)).digest(),
    )


def _write(batch: list[Rating]) -> None:
    Rating.objects.bulk_create(
        batch,
        update_conflicts=True,
        unique_fields=["village", "scheme", "period", "subject"],
        update_fields=[
            "stars",
            "missing",
            "grade",
            "score",
            "reasons",
            "rule_version",
            "digest",
        ],
    )
