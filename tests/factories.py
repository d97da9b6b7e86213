"""Rows for tests, without surprises: what a test does not name gets the plainest value."""

import json
from datetime import UTC, date, datetime
from itertools import count

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from households.identity import check_digit
from households.models import Member, Subject
from scoring.models import Category, Item, RuleBook
from trail.actor import Actor
from villages.models import Person, Post, Posting, Township, Unit, Village

# 11:00 on 1 November 2026 in Shanghai.
NOON = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
YEAR_BEGINS = date(2026, 1, 1)
PASSWORD = "谷雨之后村里再种一季豆子"  # noqa: S105

_numbers = count(1)


def make_township(*, code: str = "340602101", name: str = "石台镇") -> Township:
    return Township.objects.create(
        code=code, name=name, county="杜集区", city="淮北市", province="安徽省"
    )


def make_village(*, township: Township, name: str = "窦庄村", number: int = 200) -> Village:
    """The village whose code is its township's and `number`."""
    code = f"{township.code}{number:03}"
    village = Village.objects.create(
        township=township,
        code=code,
        name=name,
        official_name=f"{name.removesuffix('村')}村委会",
        slug=f"cun-{code}",
    )
    let_the_test_see(village)
    return village


def let_the_test_see(*villages: Village) -> None:
    """The test itself looks behind row-level security; pages, jobs and commands begin without."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.villages', concat_ws(',',"
            " nullif(current_setting('app.villages', true), ''), %s::text), false)",
            [",".join(str(village.pk) for village in villages)],
        )


def make_unit(*, village: Village, name: str = "1组", kind: str = Unit.Kind.GROUP) -> Unit:
    return Unit.objects.get_or_create(village=village, kind=kind, name=name)[0]


def make_person(*, name: str = "林文书", phone: str = "") -> Person:
    return Person.objects.create(name=name, phone=phone)


def make_posting(
    *,
    person: Person,
    role: str = "village_clerk",
    township: Township | None = None,
    village: Village | None = None,
    from_on: date = YEAR_BEGINS,
    to_on: date | None = None,
) -> Posting:
    """A posting in `village`, or in the whole of `township` when no village is named."""
    return Posting.objects.create(
        person=person,
        post=Post.objects.get(code=role),
        township_id=village.township_id if village else township.pk,
        village=village,
        from_on=from_on,
        to_on=to_on,
    )


def make_user(
    *, person: Person | None = None, username: str = "", password: str = PASSWORD
) -> User:
    user = User(person=person or make_person(), username=username or f"user{next(_numbers)}")
    user.set_password(password)
    user.save()
    return user


def make_staff(
    *,
    name: str,
    role: str,
    village: Village | None = None,
    township: Township | None = None,
) -> User:
    """A user whose person holds one posting."""
    person = make_person(name=name)
    make_posting(person=person, role=role, village=village, township=township)
    return make_user(person=person)


def make_actor(*, person: Person | None = None, role: str = "village_clerk") -> Actor:
    person = person or make_person()
    return Actor(name=person.name, role=role, person_id=person.pk)


def make_id_number(*, born_on: date = date(1980, 3, 5), order: int = 1) -> str:
    """A valid number that cannot exist: no region has the code 999999."""
    first = f"999999{born_on:%Y%m%d}{order:03}"
    return first + check_digit(first)


def make_household(
    *, village: Village, unit: Unit | None = None, number: str = "", name: str = "张三"
) -> Subject:
    """A household; it lives in 1组 unless a unit is given."""
    return Subject.objects.create(
        village=village,
        unit=unit or make_unit(village=village),
        number=number or f"{next(_numbers):03}",
        name=name,
        created_at=NOON,
    )


def make_member(
    *,
    household: Subject,
    name: str = "张三",
    relation: str = "户主",
    id_number: str = "",
    phone: str = "",
) -> Member:
    return Member.objects.create(
        village_id=household.village_id,
        subject=household,
        name=name,
        relation=relation,
        id_number=id_number,
        phone=phone,
    )


def make_rulebook(*, village: Village, from_on: date = YEAR_BEGINS) -> RuleBook:
    """A book in force from `from_on`, with one positive and one negative item (codes 1 and 2)."""
    book = RuleBook.objects.create(
        village=village,
        title="积分管理评价细则",
        version=1,
        origin=RuleBook.Origin.TRANSCRIBED,
        transcribed_by="林文书",
        transcribed_from="村积分台账",
    )
    category = Category.objects.create(
        village=village, rulebook=book, name="人居环境整治", position=1
    )
    make_item(category=category, code="1", list=Item.List.POSITIVE)
    make_item(category=category, code="2", list=Item.List.NEGATIVE, name="乱堆乱放")
    book.state = RuleBook.State.SUBMITTED
    book.save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(from_on, None)
    book.save()
    return book


def make_item(*, category: Category, code: str, name: str = "打扫房前屋后", **fields) -> Item:
    """An item of 1 to 1,000 points without a cap; any field can be given."""
    values = {
        "list": Item.List.POSITIVE,
        "low": 1,
        "high": 1000,
        "route": Item.Route.PANEL,
        "since": YEAR_BEGINS,
        **fields,
    }
    return Item.objects.create(
        village_id=category.village_id,
        rulebook_id=category.rulebook_id,
        category=category,
        code=code,
        name=name,
        **values,
    )


def make_entry(
    *,
    household: Subject,
    item: Item,
    points: int = 5,
    occurred_on: date = date(2026, 10, 12),
    source: str = "",
) -> int:
    """The id of an award or deduction that went through the one way in."""
    row = {
        "subject": household.pk,
        "kind": "award" if points > 0 else "deduction",
        "points": points,
        "item": item.pk,
        "occurred_on": occurred_on.isoformat(),
        "source": source or f"test:{next(_numbers)}",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM ledger_post(%s, %s, NULL)",
            [household.village_id, json.dumps([row])],
        )
        return cursor.fetchone()[0]
