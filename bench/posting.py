"""Rows 1 to 3: writing the ledger."""

# ruff: noqa: S608 (table names of our own)

import io
import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection, connections

from bench.ground import BY, Furnished, Ground, owner_connection
from bench.measuring import Bar, Row, Way, timed
from scoring.operations import ledger
from scoring.operations.ledger import NewEntry

WRITERS = 8
COLUMNS = (
    "village_id", "subject_id", "kind", "points", "category_id", "item_id", "rulebook_id",
    "occurred_on", "month", "source", "reverses_id", "recorded_at", "recorded_by_id", "digest",
)  # fmt: skip
DIGEST = bytes(32)
INSERT = f"""INSERT INTO bench.plain ({", ".join(COLUMNS)}) VALUES ({", ".join(["%s"] * 14)})"""


def plain_table(ground: Ground, name: str, *, indexes: bool) -> None:
    """A table with the columns of the ledger: with its indexes, or with a primary key only."""
    including = "INCLUDING INDEXES" if indexes else ""
    key = "" if indexes else f"; ALTER TABLE bench.{name} ADD PRIMARY KEY (id)"
    ground.run_raw(
        f"DROP TABLE IF EXISTS bench.{name};"
        f"CREATE TABLE bench.{name}"
        f" (LIKE public.scoring_entry INCLUDING IDENTITY INCLUDING DEFAULTS {including}){key}"
    )


def values_of(made: Furnished, row: NewEntry) -> tuple[object, ...]:
    """The columns of a plain row with the same facts, at the same width."""
    item = made.items[0]
    return (
        made.village.pk, row.subject_id, row.kind.value, row.points, item.category_id,
        row.item_id, item.rulebook_id, row.occurred_on, f"{row.occurred_on:%Y-%m}", row.source,
        row.reverses_id, "2026-10-31T12:00:00+08:00", None, DIGEST,
    )  # fmt: skip


def one_post(ground: Ground, *, amount: int) -> Row:
    """Row 1: posts one after the other on one connection, each durable."""
    made = ground.village(households=1_000)
    plain_table(ground, "plain", indexes=False)
    ours = Way("ledger.post", amount, partial(_post_singly, made, amount))
    return Row(
        number=1,
        title=f"one post, all guards on; {amount} a turn",
        unit="posts",
        ways=[
            ours,
            Way("raw INSERT, autocommit", amount, partial(_insert_singly, ground, made, amount)),
            Way("SELECT ledger_post alone", amount, partial(_call_singly, ground, made, amount)),
            Way("balance F() + history row, ORM", amount, _rival(ground, "naive_post", amount)),
            Way("django-hordak", amount, _rival(ground, "hordak_post", amount)),
        ],
        bars=[
            Bar(ours.name, "raw INSERT, autocommit", "speed", 0.4, 0.6),
            Bar(ours.name, "balance F() + history row, ORM", "speed", 1.6, 2.5),
            Bar(ours.name, "django-hordak", "speed", 2.2, 3.5),
        ],
    )


def batch_post(ground: Ground, *, amount: int) -> Row:
    """Row 2: one batch, beside COPY into a table with the same indexes and beside the ORM."""
    made = ground.village(households=1_000)
    plain_table(ground, "copied", indexes=True)
    ours = Way(f"ledger.post of {amount:,}", amount, partial(_post_at_once, made, amount))
    copied = "text COPY, same columns and indexes"
    naive = "bulk_create + bulk_update"
    return Row(
        number=2,
        title=f"batch post of {amount:,}",
        unit="rows",
        ways=[
            ours,
            Way(copied, amount, partial(_copy, ground, made, amount)),
            Way(naive, amount, _rival(ground, "naive_batch", amount)),
        ],
        bars=[Bar(ours.name, copied, "time", 5, 3), Bar(ours.name, naive, "speed", 5, 8)],
    )


def eight_writers(ground: Ground, *, amount: int) -> Row:
    """Row 3: eight processes post singly, spread over 100 villages."""
    made = [ground.village(households=10) for _ in range(100)]
    plain_table(ground, "plain", indexes=False)
    total = amount * WRITERS
    ours = Way("ledger.post", total, lambda: _together(_write_posts, made, amount))
    plain = Way("plain INSERT", total, lambda: _together(_write_plain, made, amount))
    return Row(
        number=3,
        title=f"{WRITERS} writers over {len(made)} villages; {amount} posts each a turn",
        unit="posts",
        ways=[ours, plain],
        bars=[Bar(ours.name, plain.name, "speed", 0.5, 0.7)],
    )


def _rival(ground: Ground, work: str, amount: int) -> Callable[[], float]:
    return lambda: ground.rivals.seconds(work, arguments=[amount])


def _post_singly(made: Furnished, amount: int) -> float:
    rows = made.rows(amount)
    return timed(lambda: [made.post([row]) for row in rows])()


def _call_singly(ground: Ground, made: Furnished, amount: int) -> float:
    """The function alone in one round trip: what Django's transaction adds is left out."""
    asked = [
        json.dumps([ledger._as_json(row)])  # noqa: SLF001 (the very same JSON)
        for row in made.rows(amount)
    ]
    sql = "SELECT row_index, entry_id, fresh FROM public.ledger_post(%s, %s, NULL)"
    return timed(lambda: [ground.run_raw(sql, made.village.pk, one) for one in asked])()


def _insert_singly(ground: Ground, made: Furnished, amount: int) -> float:
    rows = [values_of(made, row) for row in made.rows(amount)]
    return timed(lambda: [ground.run_raw(INSERT, *row) for row in rows])()


def _post_at_once(made: Furnished, amount: int) -> float:
    rows = made.rows(amount)
    return timed(lambda: made.post(rows))()


def _copy(ground: Ground, made: Furnished, amount: int) -> float:
    """The text is made before the clock starts."""
    rows = [values_of(made, row) for row in made.rows(amount)]
    text = io.StringIO("".join("\t".join(map(_as_text, row)) + "\n" for row in rows))
    sql = f"COPY bench.copied ({', '.join(COLUMNS)}) FROM STDIN"
    with ground.raw.cursor() as cursor:
        return timed(lambda: cursor.copy_expert(sql, text))()


def _as_text(value: object) -> str:
    if value is None:
        return "\\N"
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _together(
    write: Callable[[Sequence[Furnished], int, int], Callable[[], None]],
    made: Sequence[Furnished],
    amount: int,
) -> float:
    """Start the writers, let them go at once, and tell when the last one is done."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(WRITERS + 1), context.Barrier(WRITERS + 1)

    def writer(number: int) -> None:
        work = write(made, number, amount)
        ready.wait()
        work()
        done.wait()

    started = [context.Process(target=writer, args=(number,)) for number in range(WRITERS)]
    for process in started:
        process.start()
    ready.wait(timeout=60)
    begun = time.perf_counter()
    done.wait(timeout=120)
    seconds = time.perf_counter() - begun
    for process in started:
        process.join()
    return seconds


def _facts(made: Sequence[Furnished], number: int, amount: int) -> list[tuple[Furnished, NewEntry]]:
    """The writer's posts; process and time keep the sources apart."""
    mark = f"{time.time_ns()}:{number}"
    chosen = [made[(number + place * 7) % len(made)] for place in range(amount)]
    facts = []
    for place, village in enumerate(chosen):
        row = village.rows(1)[0]
        object.__setattr__(row, "source", f"bench:{mark}:{place}")
        facts.append((village, row))
    return facts


def _write_posts(made: Sequence[Furnished], number: int, amount: int) -> Callable[[], None]:
    facts = _facts(made, number, amount)
    connection.ensure_connection()

    def work() -> None:
        for village, row in facts:
            ledger.post(village_id=village.village.pk, rows=[row], by=BY)

    return work


def _write_plain(made: Sequence[Furnished], number: int, amount: int) -> Callable[[], None]:
    facts = [values_of(village, row) for village, row in _facts(made, number, amount)]
    raw = owner_connection()

    def work() -> None:
        with raw.cursor() as cursor:
            for values in facts:
                cursor.execute(INSERT, values)

    return work
