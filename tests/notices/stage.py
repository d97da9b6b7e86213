"""A village, two persons, and a builder of our own kind of notice; for any kind of test."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from notices import operations, registry, sheets
from notices.masking import masked_name
from notices.models import Notice
from notices.registry import NoticeBuilder, SealedContent
from tests.factories import NOON, make_actor, make_person, make_township
from trail.clock import business_date
from villages.models import CalendarRule, Township, Village

MONTH = "2026-10"
DAYS = 5
HEADS = {
    "3组/027": "张小三",
    "3组/028": "王刚",
    "3组/029": "张大三",
    "10组/001": "欧阳娜娜",
    "2组/005": "买买提·艾力",
    "2组/006": "",
}
CODE_ONLY = frozenset({"3组/028"})
CATEGORIES = (
    "人居环境整治",
    "家庭美德",
    "爱国爱党",
    "遵纪守法",
    "公益美德",
    "兴业致富",
    "乡村建设",
)
SEAL_ROOT = bytes.fromhex("ab" * 32)


def content(month: str, heads: Iterable[str] = HEADS, village: str = "下湾村") -> dict:
    """What a builder seals: rows by group and number, totals, no name."""
    keys = [key.split("/") for key in heads]
    keys.sort(key=lambda key: (int(key[0].removesuffix("组")), key[1]))
    rows = [
        {"group": group, "number": number, "plus": place % 19, "gross": 128 + place % 97}
        for place, (group, number) in enumerate(keys)
    ]
    plus, gross = (sum(row[name] for row in rows) for name in ("plus", "gross"))
    shares = [plus // (2 << place) for place in range(len(CATEGORIES))]
    shares[0] += plus - sum(shares)
    return {
        "format": 1,
        "kind": "star",
        "month": month,
        "village": {"code": "440783102201", "name": village, "township": "苍城镇"},
        "rules": {"title": "积分管理评价细则", "version": 2, "adopted_on": "2026-01-15"},
        "rows": rows,
        "totals": {"households": len(rows), "plus": plus, "gross": gross, "minus": -12},
        "categories": [
            {"name": name, "plus": share, "minus": -12 if place == 3 else 0}
            for place, (name, share) in enumerate(zip(CATEGORIES, shares, strict=True))
        ],
        "seal": {"number": 12, "upto": 940, "count": 940, "root": SEAL_ROOT.hex()},
    }


class Register:
    """What the builder reads: heads by subject key, and who is shown by code alone."""

    def __init__(self) -> None:
        self.heads = dict(HEADS)
        self.code_only = set(CODE_ONLY)

    def build(self, *, village_id: int, month: str) -> SealedContent:
        village = Village.objects.get(pk=village_id)
        return SealedContent(content(month, self.heads, village.name), SEAL_ROOT)

    def labels(self, *, village_id: int, keys: Iterable[str]) -> dict[str, str]:
        return {key: "" if key in self.code_only else masked_name(self.heads[key]) for key in keys}


@contextmanager
def registered() -> Iterator[Register]:
    """A builder of kind `star`, in a registry of this test alone."""
    book = Register()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_builders", {})
        sheets.forget()
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


def make_xiawan() -> Village:
    """下湾村 of 苍城镇, whose notices run five days."""
    township = make_township(code="440783102", name="苍城镇")
    CalendarRule.objects.create(township=township, notice_days=DAYS)
    return make_neighbour(township=township, name="下湾村", slug="xiawancun", number=201)


def make_neighbour(*, township: Township, name: str, slug: str, number: int) -> Village:
    return Village.objects.create(
        township=township,
        code=f"{township.code}{number}",
        name=name,
        official_name=f"{name}民委员会",
        slug=slug,
        phone="0750-2900001",
    )


def put_on_show(village: Village, *, month: str = MONTH, at: datetime = NOON) -> Notice:
    """Drafted, proposed by one person, approved by another, published; all at `at`."""
    one = make_actor(person=make_person(name="林文书"))
    other = make_actor(person=make_person(name="魏监督"), role="supervision_member")
    notice = operations.draft(kind=Notice.Kind.STAR, village=village, month=month, at=at)
    proposal = operations.propose_publication(notice=notice, by=one, at=at)
    operations.approve_publication(
        notice=notice, proposal=proposal, publish_on=business_date(at), by=other, at=at
    )
    return operations.publish(notice=notice, at=at)
