"""Rows 4 to 6: verifying, recomputing sums, recomputing ratings."""

# ruff: noqa: S608 (table names and columns of our own)

import io
from collections.abc import Sequence

from django.db import connection, transaction

from bench.ground import BY, LAST_MONTH, Furnished, Ground
from bench.measuring import Bar, Fact, Row, Way, timed
from bench.memory import peak_of
from scoring.models import Entry
from scoring.operations import ratings as rating
from scoring.queries import ledger, verifying
from trail import clock

HOUSEHOLDS = 663
NAIVE_SHARE = 10
DIGESTS = f"""
SELECT count(*) FROM public.scoring_entry WHERE village_id = %s
AND digest <> public.ledger_digest({", ".join(ledger.FACT_COLUMNS)})
"""
SUMS = "sum(points), sum(points) FILTER (WHERE points > 0), count(*)"
BY_SUBJECT = f"""
SELECT count(*) FROM (SELECT subject_id, {SUMS} FROM public.scoring_entry
WHERE village_id = %s GROUP BY subject_id OFFSET 0) s
"""
BY_MONTH = f"""
SELECT count(*) FROM (SELECT subject_id, month, category_id, {SUMS} FROM public.scoring_entry
WHERE village_id = %s GROUP BY subject_id, month, category_id OFFSET 0) s
"""
MONTHLY = """
SELECT subject_id, category_id, sum(plus), sum(minus), sum(entries) FROM public.scoring_monthlytotal
WHERE village_id = %s AND month >= '2026-01' GROUP BY subject_id, category_id
"""
RATING = (
    "village_id", "subject_id", "scheme", "period", "stars", "missing", "grade", "score",
    "reasons", "rule_version", "digest", "state", "decided_in",
)  # fmt: skip


def verify(ground: Ground, *, small: int, large: int) -> Row:
    """Row 4: digests, seals and sums of a village, in one process; memory at two sizes."""
    made = ground.year(households=HOUSEHOLDS, entries=small)
    bigger = ground.year(households=HOUSEHOLDS, entries=large)
    count = Entry.objects.filter(village_id=made.village.pk).count()
    ours = Way("verify", count, timed(lambda: _verified(made)))
    in_sql = Way(
        "digests in SQL alone", count, timed(lambda: ground.run_raw(DIGESTS, made.village.pk))
    )
    whole = timed(lambda: list(Entry.objects.filter(village_id=made.village.pk)))
    least, most = (peak_of("verify", one.village.pk) for one in (made, bigger))
    bare = peak_of("nothing", "")
    return Row(
        number=4,
        title=f"verify a ledger of {count:,} entries",
        unit="entries",
        ways=[ours, in_sql, Way("all entries as ORM rows, unchecked", count, whole)],
        bars=[Bar(ours.name, "", "rate", 100_000, 300_000)],
        facts=[
            Fact(
                f"peak memory, {small:,} and {large:,} entries",
                f"{least} and {most} MB ({bare} MB with nothing to do)",
                most - bare <= 1.3 * (least - bare) + 8,
            )
        ],
    )


def sums(ground: Ground, *, entries: int) -> Row:
    """Row 5: balances and monthly totals recomputed and compared with the kept ones."""
    made = ground.year(households=HOUSEHOLDS, entries=entries)
    ours = Way("sums recomputed and compared", entries, timed(lambda: _compared(made)))
    raw = Way(
        "the same two raw GROUP BY", entries, timed(lambda: _query(BY_SUBJECT, made, BY_MONTH))
    )
    finest = Way("the finer GROUP BY alone", entries, timed(lambda: _query(BY_MONTH, made)))
    share = made.subject_ids[::NAIVE_SHARE]
    naive = Way(
        "ORM, household by household", entries // NAIVE_SHARE, timed(lambda: _one_by_one(share))
    )
    return Row(
        number=5,
        title=f"recompute totals and balances of {entries:,} entries",
        unit="entries",
        ways=[ours, raw, finest, naive],
        bars=[
            Bar(ours.name, raw.name, "time", 2.2, 1.5),
            Bar(ours.name, naive.name, "speed", 1),
        ],
    )


def ratings(ground: Ground, *, villages: int) -> Row:
    """Row 6: both schemes of every household, beside one GROUP BY and a COPY of the rows."""
    made = [ground.year(households=HOUSEHOLDS, entries=7_500) for _ in range(villages)]
    ground.run_raw(
        "CREATE TABLE bench.rating"
        " (LIKE public.scoring_rating INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES)"
    )
    for one in made:
        _rate(one)
    text, count = _rated_text(made)
    ours = Way("recompute, rated before", count, timed(lambda: [_rate(one) for one in made]))
    fresh = Way("recompute, first time (taken back)", count, timed(lambda: _first_time(made)))
    floor = Way("GROUP BY over monthly totals + COPY", count, lambda: _floor(ground, made, text))
    return Row(
        number=6,
        title=f"stars and grades of {villages * HOUSEHOLDS:,} households, {count:,} ratings",
        unit="ratings",
        ways=[ours, fresh, floor],
        bars=[
            Bar(ours.name, floor.name, "time", 3, 2),
            Bar(fresh.name, floor.name, "time", 3, 2),
        ],
    )


def _verified(made: Furnished) -> None:
    verdict = verifying.verify(village_id=made.village.pk, village="bench")
    if verdict.problems:
        raise RuntimeError(verdict.problems[0].what)


def _query(sql: str, made: Furnished, *more: str) -> None:
    with connection.cursor() as cursor:
        for statement in (sql, *more):
            cursor.execute(statement, [made.village.pk])
            cursor.fetchall()


def _compared(made: Furnished) -> None:
    if verifying._sums(village_id=made.village.pk, village="bench"):  # noqa: SLF001
        raise RuntimeError("sums differ")


def _one_by_one(subject_ids: Sequence[int]) -> None:
    for subject_id in subject_ids:
        sum(Entry.objects.filter(subject_id=subject_id).values_list("points", flat=True))


def _rate(made: Furnished) -> None:
    rating.recompute(village_id=made.village.pk, period=LAST_MONTH, by=BY, at=clock.now())


def _first_time(made: Sequence[Furnished]) -> None:
    with transaction.atomic():
        for one in made:
            rating.recompute(village_id=one.village.pk, period="2026-09", by=BY, at=clock.now())
        transaction.set_rollback(True)


def _rated_text(made: Sequence[Furnished]) -> tuple[str, int]:
    with connection.cursor() as cursor:
        buffer = io.StringIO()
        ids = ", ".join(str(one.village.pk) for one in made)
        columns = ", ".join(RATING)
        cursor.copy_expert(
            f"COPY (SELECT {columns} FROM public.scoring_rating WHERE village_id IN ({ids}))"
            " TO STDOUT",
            buffer,
        )
    text = buffer.getvalue()
    return text, text.count("\n")


def _floor(ground: Ground, made: Sequence[Furnished], text: str) -> float:
    ground.run_raw("TRUNCATE bench.rating")

    def work() -> None:
        _query_all(ground, made)
        with ground.raw.cursor() as cursor:
            cursor.copy_expert(
                f"COPY bench.rating ({', '.join(RATING)}) FROM STDIN", io.StringIO(text)
            )

    return timed(work)()


def _query_all(ground: Ground, made: Sequence[Furnished]) -> None:
    for one in made:
        ground.run_raw(MONTHLY, one.village.pk)
