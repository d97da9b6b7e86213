"""Ledgers made of random facts, and what a superuser could do to them."""

import json
from random import Random

from notices import proof
from notices.models import NoticeBody
from scoring.models import Balance, Entry, MonthlyTotal, Seal
from scoring.operations import sealing
from tests.factories import NOON, make_household
from tests.scoring.stage import Stage

MONTHS = ("2026-09", "2026-10")
GUARDED = (
    "scoring_entry", "scoring_seal", "scoring_balance", "scoring_monthlytotal",
    "notices_noticebody",
)  # fmt: skip
OWN_DIGEST = """UPDATE scoring_entry SET digest = ledger_digest(id, village_id, subject_id, kind,
    points, category_id, item_id, rulebook_id, occurred_on, month, source, reverses_id,
    recorded_at, recorded_by_id) WHERE id = {entry}"""


def grow(stage: Stage, chance: Random) -> None:
    """Two months of facts, sealed and closed now and then; it may stay empty."""
    homes = [stage.home, *[make_household(village=stage.village) for _ in range(3)]]
    earlier_is_closed = True
    for month in MONTHS:
        for _ in range(chance.randint(0, 9)):
            _act(stage, chance, home=chance.choice(homes), month=month)
            if chance.random() < 0.15:
                sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
        is_open = stage.states().get(month) == "open"
        closes = earlier_is_closed and is_open and chance.random() < 0.6
        if closes:
            stage.close(month)
        earlier_is_closed = closes or not is_open


def _act(stage: Stage, chance: Random, *, home, month: str) -> None:
    on = NOON.date().replace(month=int(month[-2:]), day=chance.randint(1, 28))
    kinds = Entry.Kind
    place = {"home": home, "on": on, "source": f"随机:{chance.getrandbits(60)} '\\\"𠮷"}
    act = chance.randrange(6)
    balance = Balance.objects.filter(subject=home).first()
    if act == 0:
        stage.post(stage.row(-chance.randint(1, 9), item="minus", **place))
    elif act == 1:
        kind = chance.choice([kinds.CARRY_IN, kinds.TRANSFER_IN, kinds.REDEMPTION_RETURN])
        stage.post(stage.row(chance.randint(1, 9), item=None, kind=kind, **place))
    elif act == 2 and balance and balance.spendable > 0:
        kind = chance.choice([kinds.REDEMPTION, kinds.TRANSFER_OUT, kinds.EXPIRY])
        stage.post(stage.spend(chance.randint(1, balance.spendable), kind=kind, **place))
    elif act == 3 and (standing := _standing(home)):
        stage.post(stage.reversal(chance.choice(standing)))
    else:
        item = chance.choice(["plus", "kind"])
        stage.post(stage.row(chance.randint(2, 8), item=item, **place))


def _standing(home) -> list[int]:
    """Awards and deductions of the household that no entry reverses."""
    rows = Entry.objects.filter(subject=home, kind__in=["award", "deduction"])
    return list(rows.filter(reversals=None).order_by("pk").values_list("pk", flat=True))


def change(village_id: int, chance: Random) -> list[str]:
    """Statements of one random forgery; none where there is nothing to forge."""
    entries = list(
        Entry.objects.filter(village_id=village_id).order_by("pk").values_list("pk", flat=True)
    )
    if not entries:
        return []
    seals = list(Seal.objects.filter(village_id=village_id).values_list("pk", flat=True))
    bodies = list(NoticeBody.objects.filter(notice__village_id=village_id))
    one = chance.choice(entries)
    ways = [
        [_set(one, "points = points * 2")],
        [_set(one, "points = points * -3"), OWN_DIGEST.format(entry=one)],
        [_set(one, "occurred_on = occurred_on - 1")],
        [_set(one, "source = source || 'x'")],
        [_set(one, "recorded_at = recorded_at + interval '1 microsecond'")],
        [_set(one, "subject_id = (SELECT max(subject_id) + 1 FROM scoring_balance)")],
        [f"DELETE FROM scoring_entry WHERE id = {one}"],
        [f"DELETE FROM scoring_entry WHERE village_id = {village_id} AND id >= {one}"],
        [_swap(entries[0], entries[-1])],
        _slipped_in(one, village_id),
        [_one_of(Balance, village_id, chance, "spendable = spendable + 1")],
        [_one_of(MonthlyTotal, village_id, chance, "minus = minus - 1")],
    ]
    if seals:
        seal = chance.choice(seals)
        ways += [
            [f"UPDATE scoring_seal SET leaves = overlay(leaves placing '\\xff' from 1)"
             f" WHERE id = {seal}"],
            [f"UPDATE scoring_seal SET count = count + 1 WHERE id = {seal}"],
            [f"DELETE FROM scoring_seal WHERE id = {seal}"],
        ]  # fmt: skip
    if bodies:
        ways += [_other_figures(chance.choice(bodies)), _new_code(chance.choice(bodies))]
    return chance.choice(ways)


def _set(entry: int, values: str) -> str:
    return f"UPDATE scoring_entry SET {values} WHERE id = {entry}"


def _swap(first: int, second: int) -> str:
    return (
        "UPDATE scoring_entry a SET points = b.points, digest = b.digest FROM scoring_entry b"
        f" WHERE (a.id, b.id) IN (({first}, {second}), ({second}, {first}))"
    )


def _slipped_in(entry: int, village_id: int) -> list[str]:
    """A copy under a number of its own, before the village's first, with a digest made for it."""
    return [
        "INSERT INTO scoring_entry (id, village_id, subject_id, kind, points, category_id, item_id,"
        " rulebook_id, occurred_on, month, source, recorded_at, digest) OVERRIDING SYSTEM VALUE"
        f" SELECT -{village_id}, village_id, subject_id, 'award', 5, category_id, item_id,"
        " rulebook_id, occurred_on, month, 'slipped', recorded_at, digest FROM scoring_entry"
        f" WHERE id = {entry}",
        OWN_DIGEST.format(entry=-village_id),
    ]


def _one_of(model, village_id: int, chance: Random, values: str) -> str:
    pks = model.objects.filter(village_id=village_id).order_by("pk").values_list("pk", flat=True)
    return f"UPDATE {model._meta.db_table} SET {values} WHERE id = {chance.choice(list(pks))}"


def _other_figures(body: NoticeBody) -> list[str]:
    return [
        "UPDATE notices_noticebody SET canonical = replace(canonical, '\"gross\":', '\"gross\":1')"
        f" WHERE id = {body.pk}"
    ]


def _new_code(body: NoticeBody) -> list[str]:
    """A notice rewritten whole: its digest and its code are right, its seal is nobody's."""
    facts = json.loads(body.canonical)
    facts["totals"]["gross"] += 1
    canonical, root = proof.canonical_json(facts), b"\xab" * 32
    digest = proof.content_digest(canonical)
    code = proof.short_code(content_sha256=digest, seal_root=root, notice_id=body.notice_id)
    return [
        f"UPDATE notices_noticebody SET canonical = '{canonical}', short_code = '{code}',"
        f" content_sha256 = '\\x{digest.hex()}', seal_root = '\\x{root.hex()}' WHERE id = {body.pk}"
    ]
