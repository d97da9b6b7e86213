"""What tests of forms, rounds and assignments stand on."""

from dataclasses import dataclass
from datetime import date

from households.models import CollectionForm, CollectionRound, Subject
from households.operations.forms import NewForm, draft_form, from_pack, put_in_use
from households.operations.rounds import RoundPlan, draft_round, open_round
from tests.factories import NOON, make_household, make_person, make_posting, make_unit
from tests.households.stage import LIN, make_places
from villages.models import Person, Township, Village

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@dataclass(frozen=True)
class Ground:
    """窦庄村 with two collectors, 刘庄村 with one, the packs in use, a round open."""

    township: Township
    dou: Village
    liu: Village
    chen: Person
    fang: Person
    guo: Person
    forms: dict[str, CollectionForm]
    round: CollectionRound


def make_collector(village: Village, name: str) -> Person:
    person = make_person(name=name)
    make_posting(person=person, role="collector", village=village)
    return person


def use(township: Township, code: str) -> CollectionForm:
    """The pack of this code, in use."""
    drafted = draft_form(township=township, start=from_pack(code), by=LIN, at=NOON)
    return put_in_use(form=drafted, by=LIN, at=NOON)


def begin(township: Township, *forms: CollectionForm, title: str = "冬季采集") -> CollectionRound:
    plan = RoundPlan(title, FIRST, LAST, forms)
    drafted = draft_round(township=township, plan=plan, by=LIN, at=NOON)
    return open_round(round_=drafted, by=LIN, at=NOON)


def make_ground() -> Ground:
    places = make_places()
    codes = ("household", "collective", "operator")
    forms = {code: use(places.township, code) for code in codes}
    return Ground(
        places.township,
        places.dou,
        places.liu,
        make_collector(places.dou, "陈采集"),
        make_collector(places.dou, "方采集"),
        make_collector(places.liu, "郭采集"),
        forms,
        begin(places.township, *forms.values()),
    )


def settle(village: Village, *, unit: str, count: int, first: int = 1) -> list[Subject]:
    """Households of one group."""
    group = make_unit(village=village, name=unit)
    return [
        make_household(village=village, unit=group, number=f"{number:03}", name=f"张{number}")
        for number in range(first, first + count)
    ]


def question(code: str = "land", **more):
    return {"code": code, "kind": "number", "label": "承包地", "unit": "亩", **more}


def section(*questions, code: str = "farm", title: str = "土地和经营"):
    return {"code": code, "title": title, "questions": list(questions)}


def new_form(*sections, title: str = "小表", code: str = "small") -> NewForm:
    return NewForm(title, "file", "household", code, {"sections": list(sections)})
