"""Three people and three villages with one of everything.

Lin keeps the records of the first village, Wei those of its neighbour in the same township, Zhao
those of a village elsewhere. Nobody sees more than the own one.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Proposal, User
from desk.demo.schemes import TEN_STARS
from files.models import Attachment
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    Consent,
    FileChange,
    Placement,
    Relation,
    ReportLink,
    RoundForm,
    Visit,
    VisitDuty,
)
from jobs.models import Job
from notices.models import Notice, NoticeBody, NoticeLabel
from scoring.models import (
    Adoption,
    Correction,
    Decision,
    Entry,
    Hold,
    LedgerState,
    Month,
    Rating,
    RuleBook,
    Seal,
    StarScheme,
    TranscribedLine,
    Veto,
)
from tests.factories import (
    NOON,
    make_actor,
    make_entry,
    make_household,
    make_id_number,
    make_member,
    make_person,
    make_posting,
    make_rulebook,
    make_township,
    make_unit,
    make_user,
    make_village,
)
from tests.households.collection_stage import make_form
from trail.operations import record
from villages.models import CalendarRule, Village, WorkGroup

# Between them they may see every model of the desk.
ROLES = ("village_clerk", "auditor")


REACHED = {
    "needed": 1,
    "had": 1,
    "met": True,
    "parts": [
        {
            "code": "category_points",
            "about": ["人居环境整治"],
            "needed": 12,
            "had": 15,
            "met": True,
        }
    ],
}
CONTENT = {
    "rows": [{"group": "3组", "number": "027", "plus": 5, "gross": 9}] * 41,
    "totals": {"households": 41, "plus": 205, "minus": 0, "gross": 369},
}
FALLS_SHORT = {
    "needed": 1,
    "had": 0,
    "met": False,
    "parts": [{"code": "item_count", "about": ["1"], "needed": 2, "had": 1, "met": False}],
}


@dataclass
class World:
    """The three villages with their people's log-ins."""

    mine: Village
    lin: User
    wei: User
    zhao: User
    stranger: User


def furnish(village: Village, *, name: str) -> None:
    """One more of everything that the desk shows of a village."""
    by = make_actor(person=make_person(name=name), role="village_clerk")
    next_door = make_household(village=village, name=f"邻{name}家")
    kin = make_member(household=next_door, name=f"{name}弟")
    household = make_household(village=village, name=f"{name}家")
    member = make_member(
        household=household, name=name, id_number=make_id_number(), phone="13812345678"
    )
    furnish_file(household, member, kin)
    book = RuleBook.objects.filter(village=village, state="in_force").first()
    book = book or make_rulebook(village=village)
    make_entry(household=household, item=book.items.get(code="1"), points=5)
    furnish_visits(household, person_id=by.person_id)
    furnish_collection(household, person_id=by.person_id)
    furnish_scoring(village, household, by)
    furnish_notices(village, household)
    furnish_rounds(village, household, by)
    count = Job.objects.count()
    Job.objects.create(
        kind="scoring.close_month",
        key=f"{village.code}:{count}",
        village=village,
        due_at=NOON,
        asked_by=name,
        asked_at=NOON,
        result={"封账": count},
    )
    Proposal.objects.create(
        village=village,
        kind=Proposal.Kind.LOCK,
        about=f"scoring.month:{count}",
        content_sha256=b"\x01" * 32,
        proposed_by_id=by.person_id,
        proposed_at=NOON,
        expires_at=NOON + timedelta(days=14),
    )
    WorkGroup.objects.create(
        township=village.township,
        village=village,
        kind=WorkGroup.Kind.REVIEW,
        name=f"{village.code}第{count}评议小组",
    )
    record(by=by, at=NOON, what="test.happened", about="villages.village", village_id=village.pk)


def furnish_collection(household, *, person_id: int) -> None:
    township = household.village.township
    form = CollectionForm.objects.filter(township=township).first() or make_form(township=township)
    CollectionRecord.objects.create(
        village_id=household.village_id,
        subject=household,
        form=form,
        form_code=form.code,
        uuid=uuid4(),
        channel="home",
        spoken_by="self",
        answers={"contracted": {"value": "3.2"}},
        body_sha256=b"\x04" * 32,
        state="received",
        receipt="A7F3",
        received_at=NOON,
        filled_at=NOON,
        arrived_at=NOON,
        collector_id=person_id,
    )
    ReportLink.objects.create(
        village_id=household.village_id, subject=household, form=form,
        secret_digest=uuid4().bytes, made_by_id=person_id,
        made_at=NOON, expires_at=NOON + timedelta(days=7),
    )  # fmt: skip
    Attachment.objects.create(
        village_id=household.village_id, sha256=uuid4().hex * 2, size=9, begun_at=NOON
    )


def furnish_file(household, member, kin) -> None:
    own = {"village_id": household.village_id, "recorded_at": NOON}
    Relation.objects.create(**own, member=kin, other=member, kin=Relation.Kin.SIBLING)
    Consent.objects.create(
        **own, subject=household, purpose="photo", channel="home", given_by="head",
        given_on=date(2026, 10, 20),
    )  # fmt: skip
    FileChange.objects.create(
        **own, subject=household, member=member, kind="joined", happened_on=date(2026, 10, 20)
    )


def furnish_visits(household, *, person_id: int) -> None:
    grid = make_unit(village=household.village, name="东网格", kind="grid")
    Placement.objects.create(
        village_id=household.village_id, subject=household, unit=grid, kind="grid"
    )
    called = {"village_id": household.village_id, "subject": household, "person_id": person_id}
    VisitDuty.objects.create(**called, kind="contact", from_on=date(2026, 1, 1))
    Visit.objects.create(
        **called,
        uuid=uuid4(),
        kind="contact",
        visited_on=date(2026, 10, 20),
        channel="home",
        recorded_at=NOON,
    )


def furnish_rounds(village, household, by) -> None:
    """The township's form and round, made once, and one more task."""
    township = village.township
    form = CollectionForm.objects.filter(township=township).first() or make_form(township=township)
    round_, is_new = CollectionRound.objects.get_or_create(
        township=township, title="冬季采集",
        defaults={"opens_on": NOON.date(), "closes_on": NOON.date(), "created_at": NOON},
    )  # fmt: skip
    if is_new:
        RoundForm.objects.create(round=round_, form=form)
    Assignment.objects.create(
        village=village, round=round_, subject=household, collector_id=by.person_id,
        assigned_at=NOON,
    )  # fmt: skip


def furnish_scoring(village, household, by) -> None:
    n = Seal.objects.filter(village=village).count() + 1
    seal = Seal.objects.create(
        village=village,
        number=n,
        upto_id=n,
        count=n,
        root=b"\x02" * 32,
        prev_root=b"\x02" * 32 if n > 1 else b"",
        leaf_ids=[n],
        leaves=b"\x03" * 32,
        peaks=b"",
        at=NOON,
    )
    furnish_standing(village, household, number=seal.pk, version=n)
    draft = RuleBook.objects.create(village=village, title="积分细则修订稿", version=n + 1)
    draft_adopted(draft, by)


def furnish_standing(village, household, *, number: int, version: int = 1) -> None:
    """What was noted and decided about a household, and what holds up a month."""
    month = Month.objects.get(village=village, month="2026-10")
    Hold.objects.create(
        village=village,
        month=month,
        source=f"reviews.objection:{number}",
        kind=Hold.Kind.CLOSE,
        reason="还有异议没有答复",
        opened_at=NOON,
    )
    StarScheme.objects.create(
        village=village, code="stars", name="星级文明户", version=version, data=TEN_STARS
    )
    LedgerState.objects.get_or_create(village=village)
    TranscribedLine.objects.create(village=village, source=f"import:{number}", handled_by="张会计")
    Decision.objects.create(
        village=village,
        subject=household,
        scheme="stars",
        about="sheng-tai-huan-bao",
        period="2026",
        granted=True,
        source=f"reviews.session:{number}",
        decided_at=NOON,
    )
    Veto.objects.create(
        village=village,
        subject=household,
        code="赌博",
        document=f"行政处罚决定书{number}号",
        decided_on=date(2026, 3, 1),
        lapses_on=date(2027, 3, 1),
    )
    Rating.objects.create(
        village=village,
        subject=household,
        scheme="stars",
        period="2026-10",
        stars=["environment"],
        missing=["learning"],
        grade="五星",
        score=5,
        reasons=[
            {**REACHED, "code": "star", "name": "生态环保星", "about": ["environment"]},
            {**FALLS_SHORT, "code": "star", "name": "好学星", "about": ["learning"]},
        ],
        rule_version="1",
        digest=b"\x04" * 32,
    )


def draft_adopted(book: RuleBook, by) -> None:
    Adoption.objects.create(
        village=book.village,
        rulebook=book,
        body=Adoption.Body.REPRESENTATIVES,
        adopted_on=date(2026, 10, 20),
        members=30,
        present=25,
        yes=20,
        no=3,
        abstain=2,
        quorum_numerator=2,
        quorum_denominator=3,
        law="村民委员会组织法",
        recorded_at=NOON,
        recorded_by_id=by.person_id,
    )


def furnish_notices(village, household) -> None:
    n = Notice.objects.filter(village=village).count() + 1
    notice = Notice.objects.create(
        village=village,
        kind=Notice.Kind.POINTS,
        number=f"2026-10-points-{n}",
        month=f"2026-{n:02}",
        title="积分公示",
        created_at=NOON,
    )
    NoticeBody.objects.create(
        notice=notice,
        canonical=json.dumps(CONTENT),
        content_sha256=b"\x05" * 32,
        short_code=f"{village.code[-6:]}{n:06}",
    )
    NoticeLabel.objects.create(
        village=village, notice=notice, subject_key=household.number, label="张*", unit="1组"
    )
    entry = Entry.objects.filter(village=village).latest("pk")
    Correction.objects.create(
        village=village,
        month=Month.objects.get(village=village, month="2026-10"),
        corrects=notice,
        proposal=Proposal.objects.create(
            village=village,
            kind=Proposal.Kind.CORRECTION,
            about=f"scoring.month:{entry.pk}",
            content_sha256=b"\x01" * 32,
            proposed_by_id=make_person(name="孙经办").pk,
            proposed_at=NOON,
            expires_at=NOON + timedelta(days=14),
        ),
        reason="多记了2分",
        changes=[[entry.pk, 3], [entry.pk + 1, None]],
    )


def keeper(village: Village, *, name: str) -> User:
    person = make_person(name=name)
    for role in ROLES:
        make_posting(person=person, role=role, village=village)
    return make_user(person=person)


@pytest.fixture
def world(db) -> World:
    return make_world()


def make_world() -> World:
    """Furnish the three villages."""
    township, elsewhere = make_township(), make_township(code="440783104", name="苍城镇")
    places = [
        make_village(township=township, name="窦庄村", number=201),
        make_village(township=township, name="刘庄村", number=202),
        make_village(township=elsewhere, name="下湾村", number=227),
    ]
    for place in (township, elsewhere):
        CalendarRule.objects.create(township=place)
    users = []
    for village, name in zip(places, ("林文书", "魏文书", "赵文书"), strict=True):
        furnish(village, name=f"{name[0]}家人")
        users.append(keeper(village, name=name))
    return World(places[0], *users, stranger=make_user(person=make_person(name="没有任职")))


@pytest.fixture
def enter():
    """A browser in which the user is logged in."""

    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter
