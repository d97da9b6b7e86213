"""Drives the operations and the model side by side; after each step both must say the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from notices.models import Notice
from scoring import errors
from scoring.engine.canon import leaf_digest
from scoring.models import Balance, Entry, Month, MonthlyTotal, Rating, Seal
from scoring.operations import closing, ledger, ratings, sealing
from scoring.operations.checking import check
from scoring.operations.ledger import NewEntry
from scoring.queries import ledger as reading
from tests.factories import NOON, YEAR_BEGINS, make_household
from tests.scoring.stage import Stage, set_stage
from tests.scoring.stateful.model import Fact, LedgerModel, Line
from trail import clock

LINES = {
    "plus": Line(positive=True, low=1, high=1000),
    "minus": Line(positive=False, low=1, high=1000),
    "kind": Line(positive=True, low=2, high=8),
    "month": Line(positive=True, low=1, high=1000, times_a_month=2),
}
HOMES = 3
# Few days, so that months fill up, close and are late: one before the rules, one to come.
days = st.sampled_from(
    [
        YEAR_BEGINS - timedelta(days=2),
        date(2026, 1, 5),
        date(2026, 1, 31),
        date(2026, 2, 1),
        date(2026, 2, 20),
        date(2026, 3, 8),
        date(2026, 4, 30),
        date(2026, 6, 15),
        clock.today() + timedelta(days=2),
    ]
)
homes = st.integers(0, HOMES - 1)
# Statements nobody may get through, with and without rows to hit.
ATTACKS = (
    "UPDATE scoring_entry SET points = 1",
    "UPDATE scoring_entry SET points = 1 WHERE false",
    "DELETE FROM scoring_entry WHERE false",
    "UPDATE scoring_balance SET spendable = 1000",
    "INSERT INTO scoring_monthlytotal (village_id, subject_id, month, plus, minus, spent, entries)"
    " VALUES (1, 1, '2026-01', 1, 0, 0, 1)",
    "UPDATE scoring_seal SET root = ''",
    "TRUNCATE scoring_entry",
)


class LedgerMachine(RuleBasedStateMachine):
    """One village an example; examples share a database and never meet (I-05)."""

    villages = 0

    @initialize()
    def begin(self) -> None:
        type(self).villages += 1
        township = getattr(type(self), "township", None)
        self.stage: Stage = set_stage(township=township, number=self.villages)
        type(self).township = self.stage.village.township
        self.homes = [make_household(village=self.stage.village) for _ in range(HOMES)]
        self.model = LedgerModel(LINES, HOMES, YEAR_BEGINS, clock.today())
        self.ids: list[int] = []
        self.before: list[tuple[int, bytes]] = []
        self.number = 0

    def _source(self) -> str:
        self.number += 1
        return f"machine:{self.number}"

    def _new(self, fact: Fact) -> NewEntry:
        return NewEntry(
            subject_id=self.homes[fact.home].pk if 0 <= fact.home < HOMES else -1,
            kind=Entry.Kind(fact.kind),
            points=fact.points,
            occurred_on=fact.on,
            source=fact.source,
            item_id=self.stage.items[fact.line] if fact.line else None,
            reverses_id=None if fact.reverses is None else self.ids[fact.reverses],
        )

    def _try(self, fact: Fact) -> None:
        wanted = self.model.refusal(fact)
        if wanted:
            with pytest.raises(getattr(errors, wanted)):
                self.stage.post(self._new(fact))
            return
        (posted,) = self.stage.post(self._new(fact))
        assert posted.fresh
        self.model.enter(fact)
        self.ids.append(posted.entry_id)

    @rule(home=homes, points=st.integers(1, 12), on=days, line=st.sampled_from(list(LINES)))
    def award(self, home: int, points: int, on: date, line: str) -> None:
        self._try(Fact(home, "award", points, on, self._source(), line))

    @rule(home=homes, on=days, times=st.integers(2, 4))
    def award_the_capped_line(self, home: int, on: date, times: int) -> None:
        for _ in range(times):
            self._try(Fact(home, "award", 1, on, self._source(), "month"))

    @rule(home=homes, points=st.integers(1, 9), on=days, line=st.sampled_from(["minus", "plus"]))
    def deduct(self, home: int, points: int, on: date, line: str) -> None:
        self._try(Fact(home, "deduction", -points, on, self._source(), line))

    @rule(home=st.integers(-1, HOMES - 1), points=st.integers(1, 15), on=days)
    def redeem(self, home: int, points: int, on: date) -> None:
        self._try(Fact(home, "redemption", -points, on, self._source()))

    @precondition(lambda self: self.model.entries)
    @rule(pick=st.randoms(use_true_random=False), wrong=st.sampled_from(["", "points", "home"]))
    def reverse(self, pick, wrong: str) -> None:
        place = pick.randrange(len(self.model.entries))
        old = self.model.entries[place].fact
        source = self.stage.agreed_reversal(self.ids[place])
        fact = Fact(old.home, "reversal", -old.points, old.on, source, reverses=place)
        if wrong == "points":
            fact = replace(fact, points=fact.points + (1 if fact.points > 0 else -1))
        if wrong == "home":
            fact = replace(fact, home=(old.home + 1) % HOMES)
        self._try(fact)

    @precondition(lambda self: self.model.entries)
    @rule(pick=st.randoms(use_true_random=False), changed=st.booleans())
    def retry(self, pick, changed: bool) -> None:
        """I-13: the same again is the first entry, also after the close; another content is not."""
        place = pick.randrange(len(self.model.entries))
        old = self.model.entries[place].fact
        if changed:
            other = replace(old, on=old.on - timedelta(days=1))
            with pytest.raises(errors.SourceReused):
                self.stage.post(self._new(other))
            return
        (posted,) = self.stage.post(self._new(old))
        assert (posted.entry_id, posted.fresh) == (self.ids[place], False)

    @precondition(lambda self: self.model.open)
    @rule()
    def close(self) -> None:
        """I-24, I-25: two persons lock the oldest open month; closing again changes nothing."""
        month = min(self.model.open)
        closed = self.stage.close(month)
        assert closed.seal is not None
        assert Notice.objects.filter(village=self.stage.village, month=month).count() == 1
        again = closing.close(village=self.stage.village, month=month, at=NOON)
        assert (again.pk, again.seal_id) == (closed.pk, closed.seal_id)
        self.model.close(month)

    @rule()
    def seal(self) -> None:
        sealed = sealing.seal(village_id=self.stage.village.pk, by=self.stage.clerk, at=NOON)
        again = sealing.seal(village_id=self.stage.village.pk, by=self.stage.clerk, at=NOON)
        assert (sealed and sealed.pk) == (again and again.pk)
        assert (sealed.count if sealed else 0) == len(self.ids)

    @rule()
    def rate(self) -> None:
        """I-26: rating twice gives the same bytes."""
        digests = []
        for _ in range(2):
            ratings.recompute(
                village_id=self.stage.village.pk, period="2026-10", by=self.stage.clerk, at=NOON
            )
            mine = Rating.objects.filter(village=self.stage.village).order_by("pk")
            digests.append([bytes(row) for row in mine.values_list("digest", flat=True)])
        assert digests[0] == digests[1]

    @rule(statement=st.sampled_from(ATTACKS))
    def attack(self, statement: str) -> None:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    @precondition(lambda self: self.villages > 1)
    @rule(points=st.integers(1, 5))
    def post_into_another_village(self, points: int) -> None:
        """I-05: a household and an item of one village are nothing in another."""
        row = self._new(Fact(0, "award", points, YEAR_BEGINS, self._source(), "plus"))
        other = Month.objects.exclude(village=self.stage.village).first()
        if other is not None:
            with pytest.raises(errors.NoSuchSubject):
                ledger.post(village_id=other.village_id, rows=[row], by=self.stage.clerk)

    @invariant()
    def sums_are_the_model(self) -> None:
        """I-04, I-09: balances and monthly totals are the sums of the entries."""
        if not hasattr(self, "model"):
            return
        for home, subject in enumerate(self.homes):
            found = Balance.objects.filter(subject=subject).first()
            sums = (found.gross, found.earned, found.spendable) if found else (0, 0, 0)
            plus, minus = self.model.plus(home), self.model.minus(home)
            assert sums == (plus, plus + minus, self.model.spendable(home))
        for month in self.model.open | self.model.closed:
            rows = MonthlyTotal.objects.filter(village=self.stage.village, month=month)
            plus = sum(self.model.plus(home, month) for home in range(HOMES))
            minus = sum(self.model.minus(home, month) for home in range(HOMES))
            assert (sum(row.plus for row in rows), sum(row.minus for row in rows)) == (plus, minus)

    @invariant()
    def months_are_the_model(self) -> None:
        """I-25: closed stays closed, and each entry counts in the month the model says."""
        if not hasattr(self, "model"):
            return
        states = self.stage.states()
        assert {month for month, state in states.items() if state == "open"} == self.model.open
        assert {month for month, state in states.items() if state == "closed"} == self.model.closed
        months = Entry.objects.filter(village=self.stage.village).order_by("pk")
        assert list(months.values_list("month", flat=True)) == [
            entered.month for entered in self.model.entries
        ]

    @invariant()
    def ledger_only_grows(self) -> None:
        """I-01, I-03: what was read before is read again, byte for byte, and fits its digest."""
        if not hasattr(self, "model"):
            return
        now = []
        for facts, digest in reading.stored_entries(village_id=self.stage.village.pk):
            assert leaf_digest(facts) == digest
            now.append((facts.id, digest))
        assert now[: len(self.before)] == self.before
        assert [entry for entry, _ in now] == self.ids == sorted(self.ids)
        self.before = now

    def teardown(self) -> None:
        """I-02, I-36: at the end the verifier finds nothing, and the seals follow one another."""
        if not hasattr(self, "model"):
            return
        verdict = check(village_id=self.stage.village.pk, village=self.stage.village.code)
        assert verdict.problems == []
        assert verdict.entries == len(self.ids)
        counts = Seal.objects.filter(village=self.stage.village).order_by("number")
        growing = list(counts.values_list("count", flat=True))
        assert growing == sorted(set(growing))
