"""Demo persons: in each township one for each role of the role table."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts import queries as accounts
from accounts.registration import create_user
from accounts.roles import ROLES, role_name
from desk.demo.invented import Invention
from households.queries.subjects import household_ids
from trail.actor import Actor
from villages.models import Person, Township, Village
from villages.operations import NewPosting, add_person, open_posting
from villages.queries import villages_of

SINCE = date(2025, 11, 1)
# Only where the demo is: a site without it has no account at all.
PASSWORD = "yanshi-2026-jifen"  # noqa: S105
# Names that are shorter than the role, and one that would be taken already.
SUFFIXES = {
    "township_clerk": "clerk",
    "supervision_member": "supervisor",
    "auditor": "auditor",
    "supervisor": "monitor",
}
# Postings of a village; all other roles of the table are the township's.
IN_A_VILLAGE = (
    "village_clerk", "committee_member", "representative", "grid_head", "organiser", "supervisor",
    "contact_cadre", "collector", "panel_member", "recorder", "shopkeeper", "merchant",
)  # fmt: skip
# So that somebody of one village can try another one of the same township.
VILLAGES_WITH_ACCOUNTS = {"shitai": 3}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A log-in of the demo, as it is printed."""

    username: str
    name: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A role somewhere: in a village, or in the whole township."""

    username: str
    role: str
    village: Village | None


def open_accounts(*, township: Township, prefix: str, seed: int, by: Actor, at: datetime) -> None:
    """One account for each role of the table, named `<prefix>-clerk` and so on."""
    invention = Invention(f"accounts {prefix}", seed=seed)
    for place in _places(township, prefix):
        person = add_person(name=invention.name(), by=by, at=at)
        open_posting(
            posting=NewPosting(
                person=person,
                role=place.role,
                township=township,
                village=place.village,
                from_on=SINCE,
            ),
            by=by,
            at=at,
        )
        create_user(username=place.username, person=person, password=PASSWORD, by=by, at=at)


def _places(township: Township, prefix: str) -> list[_Place]:
    """The three oldest accounts first, so that their persons keep their names."""
    count = VILLAGES_WITH_ACCOUNTS.get(prefix, 1)
    found = villages_of(township_id=township.pk)
    villages = [village for village in found if household_ids(village_id=village.pk)][:count]
    oldest = [role for role in SUFFIXES if role not in IN_A_VILLAGE]
    wide = [*oldest, *(role for role in ROLES if role not in (*oldest, *IN_A_VILLAGE))]
    return [_Place(_username(prefix, role), role, None) for role in wide] + [
        _Place(_username(prefix, role, number), role, village)
        for number, village in enumerate(villages, start=1)
        for role in IN_A_VILLAGE
    ]


def opened(*, township: Township, prefix: str) -> list[DemoAccount]:
    """The accounts of a township that exist; none where there is no demo."""
    found = [(accounts.user_by_name(place.username), place) for place in _places(township, prefix)]
    return [
        DemoAccount(
            username=user.username,
            name=user.person.name,
            role=role_name(place.role),
            place=place.village.name if place.village else township.name,
        )
        for user, place in found
        if user is not None
    ]


def holders(*, township: Township, prefix: str, role: str) -> list[tuple[Person, Village]]:
    """The persons with an account in this role of a village, and their villages."""
    found = [
        (accounts.user_by_name(place.username), place.village)
        for place in _places(township, prefix)
        if place.role == role
    ]
    return [(user.person, village) for user, village in found if user and village]


def actor(*, prefix: str, role: str) -> Actor | None:
    """The demo person who acts in this role; None where there is no demo."""
    user = accounts.user_by_name(_username(prefix, role))
    if user is None:
        return None
    return Actor(name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk)


def _username(prefix: str, role: str, number: int = 1) -> str:
    name = f"{prefix}-{SUFFIXES.get(role, role.replace('_', '-'))}"
    return name if number == 1 else f"{name}-{number}"
