"""The same seed invents the same demo, byte for byte; another seed another one."""

import json

import pytest
from django.db import transaction

from accounts.roles import ROLES
from desk.demo import accounts, guanwangmiao, places
from scoring.models import Entry
from tests.factories import NOON, make_township, make_village
from trail.actor import Actor
from villages.models import Posting

BY = Actor.system("test")
VILLAGES = 3


@pytest.fixture
def township(db, time_machine, monkeypatch):
    time_machine.move_to(NOON, tick=False)
    monkeypatch.setattr(guanwangmiao, "ENTRIES", 120)
    township = make_township(code=places.GUANWANGMIAO, name="关王庙乡")
    for number in range(VILLAGES):
        make_village(township=township, name=f"第{number + 1}村", number=200 + number)
    return township


def _loaded(township, seed: int) -> bytes:
    """Everything a load invents, without the ids; nothing of it stays."""
    with transaction.atomic():
        guanwangmiao.load(township=township, seed=seed, by=BY, at=NOON)
        accounts.open_accounts(township=township, prefix="guanwangmiao", seed=seed, by=BY, at=NOON)
        facts = {
            "entries": list(
                Entry.objects.order_by("pk").values_list(
                    "village__code", "subject__number", "subject__name", "kind", "points",
                    "item__code", "occurred_on", "month", "source",
                )
            ),
            "people": list(
                Posting.objects.order_by("pk").values_list(
                    "person__name", "post__code", "village__code"
                )
            ),
        }  # fmt: skip
        transaction.set_rollback(True)
    return json.dumps(facts, default=str, ensure_ascii=False).encode()


def test_the_same_seed_is_the_same_demo(township):
    plain = _loaded(township, 0)
    assert len(json.loads(plain)["entries"]) == VILLAGES * 120
    assert {role for _, role, _ in json.loads(plain)["people"]} == set(ROLES)
    assert _loaded(township, 0) == plain
    other = _loaded(township, 7)
    assert other != plain
    assert _loaded(township, 7) == other
    assert _loaded(township, 8) not in (plain, other)
