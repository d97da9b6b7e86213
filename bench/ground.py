"""What the rows stand on: villages with rules, households and a year of points, and raw tables."""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from bench.rivals_beside import Rivals
from desk.demo import rules, schemes
from desk.demo.accounts import SINCE
from desk.demo.places import MONTHS, SHITAI
from households.models import Subject
from households.operations.subjects import NewSubject, add_subjects
from scoring.models import Entry, Item
from scoring.operations import closing, ledger, months, rulebooks
from scoring.operations.ledger import NewEntry
from scoring.operations.schemes import put_scheme_in_force
from trail import clock
from trail.actor import Actor
from villages.models import Person, Village
from villages.operations import add_person, ensure_units

BY = Actor.system("bench")
LAST_MONTH = MONTHS[-1]
HOUSEHOLDS_A_GROUP = 12
POST_AT_ONCE = 10_000
# The caps of the demo's rules are looked up for every entry, but no bench year reaches them.
LINES = tuple(replace(line, cap_times=30_000) for line in rules.LINES)
_sources = count(1)


@dataclass(frozen=True)
class Furnished:
    """A village with its rules and households."""

    village: Village
    items: Sequence[Item]
    subject_ids: Sequence[int]

    def rows(self, amount: int, *, month: str = LAST_MONTH) -> list[NewEntry]:
        """So many new facts of a month, drawn from a fixed seed."""
        draw = random.Random(f"{self.village.code} {month} {amount}")  # noqa: S311
        year, number = int(month[:4]), int(month[5:])
        return [
            self._row(
                draw.choice(self.subject_ids),
                draw.choice(self.items),
                date(year, number, draw.randint(1, 28)),
            )
            for _ in range(amount)
        ]

    def _row(self, subject_id: int, item: Item, occurred_on: date) -> NewEntry:
        negative = item.list == Item.List.NEGATIVE
        return NewEntry(
            subject_id=subject_id,
            kind=Entry.Kind.DEDUCTION if negative else Entry.Kind.AWARD,
            points=-item.low if negative else item.low,
            item_id=item.pk,
            occurred_on=occurred_on,
            source=f"bench:{next(_sources)}",
        )

    def post(self, rows: Sequence[NewEntry]) -> None:
        """Enter them at once."""
        ledger.post(village_id=self.village.pk, rows=rows, by=BY)


class Ground:
    """Hands out villages nobody has used, and the raw tables' connection."""

    def __init__(self) -> None:
        self.rivals = Rivals()
        self.raw = owner_connection()
        unused = Village.objects.filter(rule_books__isnull=True).exclude(township__code=SHITAI)
        self._unused = iter(unused.order_by("code"))
        with self.raw.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")

    def village(self, *, households: int) -> Furnished:
        """A village with this many households under the demo's rules."""
        return furnish(next(self._unused), households=households)

    def year(self, *, households: int, entries: int) -> Furnished:
        """A village with a year of points, each month but the last closed and sealed."""
        made = self.village(households=households)
        keep_year(self, made, entries=entries)
        return made

    def settle(self) -> None:
        """Let the planner know the tables as they are now: a site's autovacuum has done so."""
        self.run_raw("ANALYZE")

    def run_raw(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """One statement of the owner, durable by itself."""
        with self.raw.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []


def owner_connection() -> Connection:
    """A connection that owns the tables; every statement is its own transaction."""
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    return connection


def furnish(village: Village, *, households: int) -> Furnished:
    """Give a village rules, households in groups, and both schemes."""
    at = clock.now()
    paper = rulebooks.PaperBook(title="积分细则", effective_from=SINCE, source=rules.EVIDENCE)
    book = rulebooks.transcribe(village=village, paper=paper, lines=LINES, by=BY, at=at)
    names = [f"{number}组" for number in range(1, households // HOUSEHOLDS_A_GROUP + 2)]
    units = ensure_units(village=village, names=names)
    new = [
        NewSubject(
            number=f"{number:05}", name="张三丰", unit=units[names[number // HOUSEHOLDS_A_GROUP]]
        )
        for number in range(households)
    ]
    added = add_subjects(village=village, kind=Subject.Kind.HOUSEHOLD, subjects=new, by=BY, at=at)
    for data, name in ((schemes.TEN_STARS, "十星级文明户"), (schemes.CREDIT, "信用等级")):
        put_scheme_in_force(village=village, data=data, name=name, by=BY, at=at)
    return Furnished(village, list(book.items.order_by("pk")), [one.pk for one in added])


def keep_year(ground: Ground, made: Furnished, *, entries: int) -> None:
    """Post the twelve months of the demo's year; all but the last are closed."""
    for month in MONTHS:
        opened = None
        if month != LAST_MONTH:
            opened = months.open_transcribed(village_id=made.village.pk, month=month)
        rows = made.rows(entries // len(MONTHS), month=month)
        for first in range(0, len(rows), POST_AT_ONCE):
            made.post(rows[first : first + POST_AT_ONCE])
        if month == MONTHS[0]:
            ground.settle()
        if opened is not None:
            closing.close_transcribed(month=opened, by=BY, at=clock.now())


def persons() -> tuple[Actor, Actor]:
    """One who proposes and one who confirms."""
    first, second = (_person(name) for name in ("林文书", "魏监督"))
    return (
        Actor(name=first.name, role="township_clerk", person_id=first.pk),
        Actor(name=second.name, role="supervision_member", person_id=second.pk),
    )


def _person(name: str) -> Person:
    return add_person(name=name, by=BY, at=clock.now())
