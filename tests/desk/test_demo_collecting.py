"""The demo's collectors find households, a form and people to visit when they log in."""

from uuid import uuid4

from django.db.models import Count
from django.test import Client

from accounts.queries import user_by_name
from desk.demo import accounts, collecting
from households.models import Assignment
from tests.factories import (
    NOON,
    make_household,
    make_person,
    make_posting,
    make_township,
    make_village,
)
from trail.actor import Actor

BY = Actor.system("test")


def test_a_demo_collector_gets_a_round_with_households_and_contacts(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    township = make_township()
    village = make_village(township=township)
    for _ in range(collecting.CONTACTS + 2):
        make_household(village=village)
    accounts.open_accounts(township=township, prefix="demo", seed=0, by=BY, at=NOON)
    collecting.begin(township=township, prefix="demo", by=BY, at=NOON)
    client = Client()
    client.force_login(user_by_name("demo-collector"))
    told = client.get(
        "/api/v1/collection/bundle/", headers={"Collection-Device": str(uuid4())}
    ).json()
    assert len(told["households"]) == collecting.CONTACTS + 2
    assert {one["assignment"]["state"] for one in told["households"]} == {"due"}
    assert sum(len(one["duties"]) for one in told["households"]) == collecting.CONTACTS
    assert {form["code"] for form in told["forms"]} == set(collecting.FILES)
    assert set(told["rounds"][0]["forms"]) == {form["id"] for form in told["forms"]}


def test_r_05_whoever_else_is_posted_shares_the_rest_evenly(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    township = make_township()
    village = make_village(township=township)
    for _ in range(collecting.HOUSEHOLDS + 11):
        make_household(village=village)
    for name in ("陈采集", "方采集"):
        make_posting(person=make_person(name=name), role="collector", village=village)
    accounts.open_accounts(township=township, prefix="demo", seed=0, by=BY, at=NOON)
    collecting.begin(township=township, prefix="demo", by=BY, at=NOON)
    carried = Assignment.objects.values_list("collector").annotate(n=Count("pk")).order_by()
    assert sorted(n for _person, n in carried) == [5, 6, collecting.HOUSEHOLDS]
