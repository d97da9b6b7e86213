"""A household of three, a neighbour's of one, and a clerk who changes their files."""

from dataclasses import dataclass
from datetime import date

from households.models import Consent, FileChange, Member, Subject
from households.operations.files.facts import Facts, facts_of
from households.operations.files.keeping import When
from tests.factories import (
    NOON,
    make_actor,
    make_household,
    make_id_number,
    make_member,
    make_township,
    make_unit,
    make_village,
)
from trail.actor import Actor
from trail.models import AuditEvent
from villages.models import Unit, Village

TODAY = When(date(2026, 11, 1))
CHILD_ID = make_id_number(born_on=date(2018, 6, 1), order=7)


@dataclass
class Home:
    """张三 with 李梅 and 张小 in 1组·001户; 王五 alone in 1组·002户."""

    village: Village
    home: Subject
    zhang: Member
    wife: Member
    son: Member
    other: Subject
    wang: Member
    clerk: Actor

    def unit(self, name: str = "2组") -> Unit:
        return make_unit(village=self.village, name=name)

    def facts(self, member: Member, **changes) -> Facts:
        known = facts_of(member)
        return Facts(**{name: changes.get(name, getattr(known, name)) for name in known.__slots__})

    def act(self, **more) -> dict:
        return {"by": self.clerk, "at": NOON, **more}

    def changes(self) -> list[tuple[str, int]]:
        rows = FileChange.objects.filter(village=self.village).order_by("pk")
        return list(rows.values_list("kind", "subject_id"))

    def events(self) -> list[str]:
        rows = AuditEvent.objects.filter(village_id=self.village.pk).order_by("pk")
        return list(rows.values_list("what", flat=True))

    def listed(self, subject: Subject) -> list[str]:
        rows = Member.objects.filter(subject=subject).exclude(state__in=Member.GONE)
        return list(rows.order_by("pk").values_list("name", flat=True))


def settle_homes() -> Home:
    village = make_village(township=make_township(), name="窦庄村", number=201)
    home = make_household(village=village, number="001", name="张三")
    zhang = make_member(household=home, name="张三", id_number="")
    wife = make_member(household=home, name="李梅", relation="妻")
    son = make_member(household=home, name="张小", relation="长子")
    other = make_household(village=village, number="002", name="王五")
    wang = make_member(household=other, name="王五")
    return Home(village, home, zhang, wife, son, other, wang, make_actor())


def consent_of(member: Member, purpose: Consent.Purpose) -> Consent | None:
    return Consent.objects.filter(member=member, purpose=purpose).last()
