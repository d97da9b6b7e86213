"""The other designs, in the bench's own environment: does what one line of JSON asks, in turn.

Started by `bench.rivals_beside`. Asks and answers go by stdin and stdout; each answer tells the
seconds the work took here.
"""

# ruff: noqa: E402 (models can be imported only after the set-up)

import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "rivals_settings"

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from hordak.models import Account
from moneyed import Money
from naive.models import History, Household
from openpyxl import Workbook

HOUSEHOLDS, ACCOUNTS = 1_000, 200
_sources = count(1)


def prepare() -> None:
    """Tables, 1,000 households, and 200 accounts beside the village's own."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    Household.objects.bulk_create(
        [Household(village_id=1, number=f"{number:04}") for number in range(HOUSEHOLDS)]
    )
    for name in ["village", *(f"{number:04}" for number in range(ACCOUNTS))]:
        Account.objects.create(name=name, type="AS", currencies=["CNY"])


def naive_post(amount: int) -> None:
    """A history row and `balance = F(balance) + points`, in one transaction each."""
    ids = list(Household.objects.values_list("pk", flat=True))
    for household_id in random.choices(ids, k=amount):  # noqa: S311
        with transaction.atomic():
            entry = _history(household_id)
            entry.save(force_insert=True)
            Household.objects.filter(pk=household_id).update(balance=F("balance") + entry.points)


def hordak_post(amount: int) -> None:
    """A transfer from the village's account to a household's."""
    village, *others = Account.objects.order_by("pk")
    for other in random.choices(others, k=amount):  # noqa: S311
        village.transfer_to(other, Money(3, "CNY"), description=f"bench:{next(_sources)}")


def naive_batch(amount: int) -> None:
    """`bulk_create` of the history and `bulk_update` of the balances it touches."""
    with transaction.atomic():
        households = Household.objects.in_bulk()
        rows = [_history(pk) for pk in random.choices(list(households), k=amount)]  # noqa: S311
        History.objects.bulk_create(rows, batch_size=1_000)
        added: dict[int, int] = defaultdict(int)
        for row in rows:
            added[row.household_id] += row.points
        for household_id, points in added.items():
            households[household_id].balance += points
        changed = [households[pk] for pk in added]
        Household.objects.bulk_update(changed, ["balance"], batch_size=1_000)


def workbook(path: str, header: list[str], rows: list[list[str]]) -> None:
    """An .xlsx of these rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("户籍表")
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    book.save(path)


def _history(household_id: int) -> History:
    return History(
        village_id=1,
        household_id=household_id,
        kind="award",
        points=3,
        category_id=1,
        item_id=1,
        rulebook_id=1,
        occurred_on=date(2026, 10, 12),
        month="2026-10",
        source=f"bench:{next(_sources)}",
    )


WORK: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "naive_post": naive_post,
    "hordak_post": hordak_post,
    "naive_batch": naive_batch,
}


def main() -> None:
    """Answer until nobody asks any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["work"] == "workbook":
            table = json.loads(Path(asked["table"]).read_text())
            workbook(asked["path"], table[0], table[1:])
            seconds = 0.0
        else:
            begun = time.perf_counter()
            WORK[asked["work"]](*asked.get("arguments", []))
            seconds = time.perf_counter() - begun
        sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
