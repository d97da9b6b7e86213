"""One village, three persons, and a builder of our own kind of notice."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest

from notices import operations, registry, sheets
from notices.masking import masked_name
from notices.models import Notice
from notices.registry import NoticeBuilder, SealedContent
from trail.actor import Actor
from trail.clock import business_date
from villages.models import CalendarRule, Person, Township, Village

# 11:00 on 1 November 2026 in Shanghai.
NOON = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
MONTH = "2026-10"
HEADS = {
    "3组/027": "张小三",
    "3组/028": "王刚",
    "3组/029": "张大三",
    "10组/001": "欧阳娜娜",
    "2组/005": "买买提·艾力",
    "2组/006": "",
}
CODE_ONLY = {"3组/028"}


def content(month: str, heads: Iterable[str] = HEADS, village: str = "下湾村") -> dict:
    keys = [key.split("/") for key in heads]
    keys.sort(key=lambda key: (int(key[0].removesuffix("组")), key[1]))
    rows = [
        {"group": group, "number": number, "plus": 18 + place, "gross": 128 + place}
        for place, (group, number) in enumerate(keys)
    ]
    plus, gross = (sum(row[name] for row in rows) for name in ("plus", "gross"))
    return {
        "format": 1,
        "kind": "star",
        "month": month,
        "village": {"code": "440783102201", "name": village, "township": "苍城镇"},
        "rules": {"title": "积分管理评价细则", "version": 2, "adopted_on": "2026-01-15"},
        "rows": rows,
        "totals": {"households": len(rows), "plus": plus, "gross": gross, "minus": -12},
        "categories": [
            {"name": "人居环境整治", "plus": plus - 5, "minus": -7},
            {"name": "家庭美德", "plus": 5, "minus": -5},
        ],
        "seal": {"number": 12, "upto": 940, "count": 940, "root": "ab" * 32},
    }


class Register:
    """What the builder reads: heads by subject key, and who is shown by code alone."""

    def __init__(self) -> None:
        self.heads = dict(HEADS)
        self.code_only = set(CODE_ONLY)

    def build(self, *, village_id: int, month: str) -> SealedContent:
        village = Village.objects.get(pk=village_id)
        return SealedContent(content(month, self.heads, village.name), bytes.fromhex("ab" * 32))

    def labels(self, *, village_id: int, keys: Iterable[str]) -> dict[str, str]:
        return {key: "" if key in self.code_only else masked_name(self.heads[key]) for key in keys}


@pytest.fixture
def register(monkeypatch) -> Iterator[Register]:
    """A builder of kind `star`, in a registry of this test alone."""
    monkeypatch.setattr(registry, "_builders", {})
    sheets.forget()
    book = Register()
    registry.register(
        NoticeBuilder(
            kind=Notice.Kind.STAR,
            title=lambda village, month: f"{village}{month}星级公示",
            build=book.build,
            labels=book.labels,
        )
    )
    yield book
    sheets.forget()


@pytest.fixture
def township(db) -> Township:
    place = Township.objects.create(
        code="440783102", name="苍城镇", county="开平市", city="江门市", province="广东省"
    )
    CalendarRule.objects.create(township=place, notice_days=5)
    return place


@pytest.fixture
def village(township) -> Village:
    return Village.objects.create(
        township=township,
        code="440783102201",
        name="下湾村",
        official_name="下湾村委会",
        slug="xiawancun",
        phone="0750-2900001",
    )


def someone(name: str, role: str) -> Actor:
    person = Person.objects.create(name=name)
    return Actor(name=name, role=role, person_id=person.pk)


@pytest.fixture
def lin(db) -> Actor:
    return someone("林文书", "village_clerk")


@pytest.fixture
def wei(db) -> Actor:
    return someone("魏监督", "supervision_member")


@pytest.fixture
def drafted(register, village, lin) -> Notice:
    return operations.draft(kind=Notice.Kind.STAR, village=village, month=MONTH, by=lin, at=NOON)


@pytest.fixture
def approve(lin, wei) -> Callable[..., Notice]:
    def _approve(notice: Notice, *, at: datetime = NOON) -> Notice:
        proposal = operations.propose_publication(notice=notice, by=lin, at=at)
        return operations.approve_publication(
            notice=notice, proposal=proposal, publish_on=business_date(at), by=wei, at=at
        )

    return _approve


@pytest.fixture
def on_show(drafted, approve) -> Notice:
    return operations.publish(notice=approve(drafted), at=NOON)
