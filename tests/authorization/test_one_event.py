"""Every act through a page or the API is exactly one event of the trail (B-24, I-30).

`ACTS` says for each unsafe route how somebody who may do it does it. A new route without a line
there fails; one whose act is proven by a test of its own is named in `ELSEWHERE`.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.authorization.acts import ACTS, Act
from tests.authorization.acts_of_two import ACTS_OF_TWO
from tests.authorization.ground import Ground, lay_ground
from tests.authorization.routes import table
from tests.factories import NOON
from trail.models import AuditEvent

# The route's act changes nothing of the site, or has its event proven where it is set up.
ELSEWHERE = {
    "admin/": "tests/admin/test_scope.py",
    "api/v1/collection/practice/": "tests/households/test_collection_records.py",
    "staff/records/import/": "tests/desk/test_staff_collected.py",
    "h/<token>/forget/": "tests/desk/test_household_pages.py",
    "staff/account": "tests/accounts/test_second_factor.py",
    "staff/login": "tests/accounts/test_lockout.py",
    "staff/logout": "tests/accounts/test_sessions.py",
    "staff/invite/": "tests/accounts/test_invitations.py",
    "staff/proposals/<number>/link/": "tests/authorization/acts_of_two.py",
    "staff/ledger/": "tests/desk/test_staff_ledgers.py",
    "staff/months/<month>/<slug>/correct/notice/": "tests/desk/test_staff_corrections.py",
}


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def test_b_24_no_unsafe_route_is_forgotten():
    unsafe = {
        line.address
        for line in table()
        if "POST" in line.methods and line.needs != "method" and line.address != "api/"
    }
    proven = {address for address in unsafe if address.startswith(tuple(ELSEWHERE))}
    assert unsafe - (proven - set(ACTS)) == set(ACTS)
    for file in ELSEWHERE.values():
        assert Path(settings.BASE_DIR, file).is_file(), file


def test_b_24_every_act_is_exactly_one_event(db):
    ground, wrong = lay_ground(), []
    for address, acts in (*ACTS.items(), *ACTS_OF_TWO.items()):
        for name, act in acts.items():
            with transaction.atomic():
                status, events = _done(ground, act)
                transaction.set_rollback(True)
            if status >= 400 or len(events) != 1:
                wrong.append(f"{name} at /{address}: {status}, {events}")
            ground.places["own"].stage.home.refresh_from_db()
    assert wrong == []


def _done(ground: Ground, act: Act) -> tuple[int, list[str]]:
    who, address, typed = act(ground)
    client = ground.visitor(who)
    last = AuditEvent.objects.latest("pk").pk
    if address.startswith("api/"):
        answer = client.post(
            f"/{address}", typed, content_type="application/json",
            headers={"Idempotency-Key": "one-event-01"},
        )  # fmt: skip
    else:
        answer = client.post(f"/{address}", typed)
    return answer.status_code, list(
        AuditEvent.objects.filter(pk__gt=last).values_list("what", flat=True)
    )
