"""Demo persons: in each township one who prepares, one who confirms, one who looks on."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts import queries as accounts
from accounts.registration import create_user
from accounts.roles import role_name
from desk.demo.invented import Invention
from trail.actor import Actor
from villages.models import Township
from villages.operations import NewPosting, add_person, open_posting

SINCE = date(2025, 11, 1)
# Only where the demo is: a site without it has no account at all.
PASSWORD = "yanshi-2026-jifen"  # noqa: S105
SUFFIXES = {"township_clerk": "clerk", "supervision_member": "supervisor", "auditor": "auditor"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A log-in of the demo, as it is printed."""

    username: str
    name: str
    role: str


def open_accounts(*, township: Township, prefix: str, by: Actor, at: datetime) -> None:
    """The three accounts of a township, named `<prefix>-clerk` and so on."""
    invention = Invention(f"accounts {prefix}")
    for role in SUFFIXES:
        person = add_person(name=invention.name(), by=by, at=at)
        open_posting(
            posting=NewPosting(person=person, role=role, township=township, from_on=SINCE),
            by=by,
            at=at,
        )
        username = _username(prefix, role)
        create_user(username=username, person=person, password=PASSWORD, by=by, at=at)


def opened(*, prefix: str) -> list[DemoAccount]:
    """The accounts of a township that exist; none where there is no demo."""
    found = [
        (accounts.user_by_name(_username(prefix, role)), role_name(role)) for role in SUFFIXES
    ]
    return [
        DemoAccount(username=user.username, name=user.person.name, role=role)
        for user, role in found
        if user is not None
    ]


def actor(*, prefix: str, role: str) -> Actor | None:
    """The demo person who acts in this role; None where there is no demo."""
    user = accounts.user_by_name(_username(prefix, role))
    if user is None:
        return None
    return Actor(name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk)


def _username(prefix: str, role: str) -> str:
    return f"{prefix}-{SUFFIXES[role]}"
