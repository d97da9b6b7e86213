"""Row 7: closing a month, at two sizes, beside the bare work it cannot do without."""

# ruff: noqa: S608 (table names of our own)

import io
import json
from collections.abc import Callable
from functools import partial

from django.db import transaction

from accounts import operations as approvals
from bench.ground import LAST_MONTH, Furnished, Ground, persons
from bench.measuring import Bar, Row, Way, timed
from bench.reading import RATING
from scoring.models import Rating
from scoring.operations import closing
from scoring.queries import months
from trail import clock
from trail.actor import Actor

HOUSEHOLDS, ENTRIES = 663, 7_500
# How much more than its share of the work the bigger village may take.
NOT_LINEAR = 1.25
DIGESTS = "SELECT id, digest FROM public.scoring_entry WHERE village_id = %s AND month = %s"
FACTS = """
SELECT subject_id, category_id, item_id, sum(points), count(*) FROM public.scoring_entry
WHERE village_id = %s AND month BETWEEN '2026-01' AND %s GROUP BY 1, 2, 3
"""
SHEET = """
SELECT u.name, s.number, coalesce(sum(t.plus) FILTER (WHERE t.month = %s), 0)::int,
       coalesce(sum(t.plus), 0)::int
FROM public.households_subject s JOIN public.villages_unit u ON u.id = s.unit_id
LEFT JOIN public.scoring_monthlytotal t ON t.village_id = s.village_id AND t.subject_id = s.id
WHERE s.village_id = %s GROUP BY u.name, s.number ORDER BY u.name, s.number
"""


def close(ground: Ground, *, times: int) -> Row:
    """Both sizes, each taken back at its end so that the month can be closed again."""
    two = persons()
    small = ground.year(households=HOUSEHOLDS, entries=ENTRIES)
    large = ground.year(households=HOUSEHOLDS * times, entries=ENTRIES * times)
    ground.run_raw(
        "CREATE TABLE IF NOT EXISTS bench.closed_rating"
        " (LIKE public.scoring_rating INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES);"
        "CREATE TABLE IF NOT EXISTS bench.body (canonical text)"
    )
    lock = partial(_lock, two)
    ours, bigger = (
        Way(f"close, {len(made.subject_ids):,} households", len(made.subject_ids), lock(made))
        for made in (small, large)
    )
    floor = Way("raw SQL, COPY and JSON of the same", HOUSEHOLDS, _floor(ground, small))
    return Row(
        number=7,
        title=f"close a month of {ENTRIES // 12:,} and {ENTRIES * times // 12:,} entries",
        unit="households",
        ways=[ours, floor, bigger],
        bars=[
            Bar(ours.name, floor.name, "time", 4, 3),
            Bar(bigger.name, ours.name, "time", NOT_LINEAR),
        ],
    )


def _lock(two: tuple[Actor, Actor], made: Furnished) -> Callable[[], float]:
    first, second = two

    def run() -> float:
        at = clock.now()
        month = months.by_name(village_id=made.village.pk, month=LAST_MONTH)
        if month is None:
            raise RuntimeError("no month to close")
        with transaction.atomic():
            proposal = closing.propose_lock(month=month, by=first, at=at)
            approvals.decide(proposal=proposal, approve=True, by=second, at=at)
            close = timed(lambda: closing.close(village=made.village, month=LAST_MONTH, at=at))
            seconds = close()
            transaction.set_rollback(True)
        return seconds

    return run


def _floor(ground: Ground, made: Furnished) -> Callable[[], float]:
    """Read the entries, sum the year, write as many ratings, write the sheet as JSON."""
    row = "\t".join(
        ("1", "{number}", "credit", LAST_MONTH, "{{}}", "{{}}", "A", "70", '{{"points": 70}}', "1",
         "\\\\x" + "00" * 32, Rating.State.PROPOSED, "")
    )  # fmt: skip
    rows = [row.format(number=number) for number in range(2 * len(made.subject_ids))]
    copied = f"COPY bench.closed_rating ({', '.join(RATING)}) FROM STDIN"

    def work() -> None:
        village_id = made.village.pk
        ground.run_raw(DIGESTS, village_id, LAST_MONTH)
        ground.run_raw(FACTS, village_id, LAST_MONTH)
        sheet = ground.run_raw(SHEET, LAST_MONTH, village_id)
        text = json.dumps(sheet, ensure_ascii=False)
        with ground.raw.cursor() as cursor:
            cursor.copy_expert(copied, io.StringIO("\n".join(rows) + "\n"))
        ground.run_raw("INSERT INTO bench.body VALUES (%s)", text)

    def run() -> float:
        ground.run_raw("TRUNCATE bench.closed_rating")
        return timed(work)()

    return run
