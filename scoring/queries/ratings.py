"""Facts for the engine, and the ratings it gave."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db import connection

from households.models import Subject
from scoring.engine.facts import Decision as Decided
from scoring.engine.facts import Facts, Period, first_minus_month
from scoring.engine.facts import Veto as Barred
from scoring.models import Decision, Rating, StarScheme, Veto

# Awards less their reversals count from the period's first month on, deductions less theirs from
# the month at which the scheme lets them lapse. Redemptions have no item and never enter.
_SUMS = """
SELECT e.subject_id, c.name, i.code, sum(e.points)::bigint,
       sum(CASE WHEN e.kind = 'reversal' THEN -1 ELSE 1 END)::bigint
FROM public.scoring_entry e
JOIN public.scoring_item i ON i.id = e.item_id
JOIN public.scoring_category c ON c.id = e.category_id
WHERE e.village_id = %(village)s AND e.month <= %(last)s
  AND e.month >= CASE i.list WHEN 'positive' THEN %(first)s ELSE %(first_minus)s END
GROUP BY e.subject_id, c.name, i.code
"""


def year_to(month: str) -> Period:
    """The period of a monthly rating: from 1 January to the last day of `month`."""
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    return Period(code=month, starts_on=date(year, 1, 1), ends_on=date(year, number, last))


def schemes_in_force(*, village_id: int) -> list[StarScheme]:
    """The star and credit schemes by which a village is rated now."""
    return list(StarScheme.objects.filter(village_id=village_id, in_force=True).order_by("code"))


def is_rated(*, village_id: int) -> bool:
    """Whether the village has a scheme by which it is rated now."""
    return StarScheme.objects.filter(village_id=village_id, in_force=True).exists()


def facts_of(*, village_id: int, scheme: str, period: Period, minus_months: int) -> Iterator[Facts]:
    """The facts of every subject with an open file, in the order of their ids."""
    categories, counts, points = _sums(village_id, period, minus_months)
    vetoes = _vetoes(village_id)
    decisions = _decisions(village_id, scheme, period)
    subjects = Subject.objects.filter(village_id=village_id).exclude(state=Subject.State.CLOSED)
    for subject_id in subjects.order_by("pk").values_list("pk", flat=True):
        yield Facts(
            subject_id=subject_id,
            period=period,
            category_points=categories[subject_id],
            item_counts=counts[subject_id],
            item_points=points[subject_id],
            vetoes=tuple(vetoes[subject_id]),
            decisions=decisions[subject_id],
        )


_Sums = Mapping[int, Mapping[str, int]]


def _sums(village_id: int, period: Period, minus_months: int) -> tuple[_Sums, _Sums, _Sums]:
    categories: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    points: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {
                "village": village_id,
                "first": f"{period.starts_on:%Y-%m}",
                "first_minus": first_minus_month(period, minus_months),
                "last": f"{period.ends_on:%Y-%m}",
            },
        )
        for subject_id, category, item, total, count in cursor:
            categories[subject_id][category] += total
            counts[subject_id][item] = counts[subject_id].get(item, 0) + count
            points[subject_id][item] = points[subject_id].get(item, 0) + total
    return categories, counts, points


def _vetoes(village_id: int) -> Mapping[int, list[Barred]]:
    found: dict[int, list[Barred]] = defaultdict(list)
    for veto in Veto.objects.filter(village_id=village_id).order_by("pk"):
        found[veto.subject_id].append(
            Barred(
                code=veto.code,
                document=veto.document,
                decided_on=veto.decided_on,
                lapses_on=veto.lapses_on,
            )
        )
    return found


def _decisions(village_id: int, scheme: str, period: Period) -> Mapping[int, dict[str, Decided]]:
    found: dict[int, dict[str, Decided]] = defaultdict(dict)
    rows = Decision.objects.filter(
        village_id=village_id, scheme=scheme, period__in=[period.code, period.code[:4]]
    ).order_by("period")
    for row in rows:
        found[row.subject_id][row.about] = Decided(granted=row.granted, source=row.source)
    return found


def approved_subject_ids(*, village_id: int, scheme: str, period: str) -> set[int]:
    """Subjects whose rating of the period people have decided; it is never recomputed."""
    return set(
        Rating.objects.filter(
            village_id=village_id, scheme=scheme, period=period, state=Rating.State.APPROVED
        ).values_list("subject_id", flat=True)
    )


def latest_ratings(*, village_id: int, subject_id: int) -> list[Rating]:
    """The newest rating of a subject by each scheme."""
    mine = Rating.objects.filter(village_id=village_id, subject_id=subject_id)
    return list(mine.order_by("scheme", "-period", "-pk").distinct("scheme"))
