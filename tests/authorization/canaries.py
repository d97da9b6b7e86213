"""The three villages of the matrix, whose people carry unique marks in every personal field."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.test import Client

from households.models import Subject, Visit
from households.operations import cards
from tests.admin.conftest import (
    furnish_collection,
    furnish_file,
    furnish_rounds,
    furnish_standing,
    furnish_visits,
)
from tests.authorization.ground import Ground, card_holder, invitation_to, lay_ground
from tests.authorization.owned import import_of
from tests.factories import (
    NOON,
    make_household,
    make_id_number,
    make_member,
    make_person,
    make_posting,
)
from tests.scoring.stage import Stage
from villages.models import CalendarRule, Village, WorkGroup

HOUSEHOLDS = 3
# Fields as their marks name them. The head's name stands in the household's own row, which
# row-level security does not hide (ADR 0018).
HEAD, NAME, NOTE, RELATION, ID_NUMBER, PHONE = (
    "subject.name",
    "member.name",
    "member.note",
    "member.relation",
    "member.id_number",
    "member.phone",
)
STAFF_PHONE = "person.phone"
VISIT_NOTE = "visit.note"
BEHIND_THE_WALL = (NAME, NOTE, RELATION, ID_NUMBER, PHONE, VISIT_NOTE)
# Nobody sees these in full; the mask shows the last four digits.
MASKED = (ID_NUMBER, PHONE, STAFF_PHONE)


@dataclass
class Country:
    """`mine` is the village of the staff; `near` lies in its township, `far` in another one."""

    ground: Ground
    marks: dict[int, dict[str, set[str]]]
    card: cards.Card
    invitation: str

    @property
    def mine(self) -> Village:
        return self.ground.places["own"].stage.village

    @property
    def far(self) -> Village:
        return self.ground.places["other"].stage.village

    @property
    def villages(self) -> tuple[Village, Village, Village]:
        return self.mine, self.ground.places["near"].stage.village, self.far

    def forbidden(self, allowed: set[int], fields: tuple[str, ...]) -> dict[str, str]:
        """Every mark, with its village and field, that must not be seen with this reach."""
        return {
            mark: f"{name} of village {village_id}"
            for village_id, by_field in self.marks.items()
            for name, found in by_field.items()
            for mark in found
            if name in MASKED or (village_id not in allowed and name in fields)
        }


def found_country() -> Country:
    """The marked people live there before the first month is closed."""
    marks: dict[int, dict[str, set[str]]] = {}

    def people(stage: Stage) -> None:
        marks[stage.village.pk] = _settle(stage, len(marks) + 1)

    ground = lay_ground(people=people)
    stage = ground.places["own"].stage
    carded = Subject.objects.filter(village=stage.village, number="911").get()
    card = cards.issue_card(subject=carded, by=stage.clerk, at=NOON)
    for place in ("own", "near", "other"):
        _furnish(ground.places[place].stage)
    # The pages of an import are found from the list of one's own.
    import_of(ground.users["village_clerk"], stage.village)
    _, invitation = invitation_to("zhao", stage)
    return Country(ground, marks, card, invitation)


def _settle(stage: Stage, number: int) -> dict[str, set[str]]:
    marks: dict[str, set[str]] = {}
    for order in range(1, HOUSEHOLDS + 1):
        tag = f"{number}{order}"
        own = {
            HEAD: f"户主丝雀{tag}",
            NAME: f"成员丝雀{tag}",
            NOTE: f"备注丝雀{tag}",
            RELATION: f"关系丝雀{tag}",
            ID_NUMBER: make_id_number(order=int(tag) + 100),
            PHONE: f"139000{number}{order}{number}{order}7",
            VISIT_NOTE: f"走访丝雀{tag}",
            STAFF_PHONE: f"138111{number}{order}{number}{order}9",
        }
        home = make_household(village=stage.village, number=f"9{tag}", name=own[HEAD])
        Subject.objects.filter(pk=home.pk).update(publish_choice="masked")
        stage.enter(7, home=home, on=date(2026, 8, 11))
        stage.enter(7, home=home, on=date(2026, 10, 11))
        member = make_member(
            household=home,
            name=own[NAME],
            relation=own[RELATION],
            id_number=own[ID_NUMBER],
            phone=own[PHONE],
        )
        member.note = own[NOTE]
        member.save(update_fields=["note"])
        officer = make_person(name=f"干部{tag}号", phone=own[STAFF_PHONE])
        make_posting(person=officer, role="grid_head", village=stage.village)
        Visit.objects.create(
            village=stage.village, subject=home, person=officer, uuid=uuid4(), kind="contact",
            visited_on=date(2026, 8, 20), channel="home", changed=True, note=own[VISIT_NOTE],
            recorded_at=NOON,
        )  # fmt: skip
        for name, mark in own.items():
            marks.setdefault(name, set()).add(mark)
    return marks


def _furnish(stage: Stage) -> None:
    """Rows for the records desk that no operation of the ground makes."""
    village = stage.village
    furnish_standing(village, stage.home, number=village.pk)
    person_id = stage.clerk.person_id
    furnish_visits(stage.home, person_id=person_id)
    furnish_collection(stage.home, person_id=person_id)
    furnish_rounds(village, stage.home, stage.clerk)
    kin = make_member(household=make_household(village=village), name="邻居")
    furnish_file(stage.home, make_member(household=stage.home, name="家人"), kin)
    CalendarRule.objects.get_or_create(township=village.township)
    WorkGroup.objects.create(
        township=village.township,
        village=village,
        kind=WorkGroup.Kind.REVIEW,
        name=f"{village.code}评议小组",
    )


def visitors(country: Country) -> dict[str, Client]:
    """A browser for each role, for a log-in without a post, a household and a passer-by."""
    clients = country.ground.visitors()
    return {**clients, "household": card_holder(country.card)}
