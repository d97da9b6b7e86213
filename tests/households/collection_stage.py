"""Two collectors with a household each to collect from, a form in use, an open round."""

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from PIL import Image

from accounts.models import User
from households.engine.canonical import digest
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    Member,
    RoundForm,
    Subject,
)
from tests.factories import (
    NOON,
    make_household,
    make_member,
    make_staff,
    make_township,
    make_village,
)
from villages.models import Township, Village

BASE = "/api/v1/collection/"
DEVICE = "11111111-1111-4111-8111-111111111111"
CONTENT: dict[str, Any] = {
    "sections": [
        {
            "code": "land",
            "title": "土地和经营",
            "questions": [
                {
                    "code": "contracted", "kind": "number", "label": "承包地", "unit": "亩",
                    "decimals": 1, "least": "0", "most": "1000", "required": True,
                    "unsaid": ["unclear"],
                },
                {"code": "crops", "kind": "text", "label": "种什么"},
                {"code": "roof", "kind": "photo", "label": "院子照片"},
                {"code": "head", "kind": "person", "label": "谁在家"},
            ],
        }
    ]
}  # fmt: skip


@dataclass
class Field:
    """Where is collected, by whom, with what."""

    township: Township
    village: Village
    form: CollectionForm
    round: CollectionRound
    home: Subject
    other_home: Subject
    member: Member
    hong: User
    ming: User
    clerk: User
    clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, who: str) -> Client:
        """The browser of hong, ming or the clerk."""
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=True)
            self.clients[who].force_login(getattr(self, who))
        return self.clients[who]

    def assign(self, user: User, home: Subject, **more: Any) -> Assignment:
        return Assignment.objects.create(
            village=home.village, round=self.round, subject=home, collector=user.person,
            assigned_at=NOON, **more,
        )  # fmt: skip

    def body(self, **more: Any) -> dict[str, Any]:
        return {
            "revision": 1,
            "base": None,
            "subject": self.home.pk,
            "form": self.form.pk,
            "round": self.round.pk,
            "channel": "home",
            "spoken_by": "self",
            "answers": {"contracted": {"value": "3.2"}},
            "filled_at": "2026-11-01T09:30:00+08:00",
            "device": DEVICE,
            "consent": True,
            **more,
        }

    def send(self, who: str, uuid: UUID | None = None, **more: Any) -> HttpResponse:
        return self.as_(who).put(
            f"{BASE}records/{uuid or uuid4()}/",
            json.dumps(self.body(**more)),
            content_type="application/json",
        )

    def upload(
        self, who: str, content: bytes, *, sha: str = "", offset: int = 0, length: int | None = None
    ) -> HttpResponse:
        return self.as_(who).put(
            f"{BASE}attachments/{sha or sha_of(content)}/",
            content,
            content_type="application/octet-stream",
            headers={
                "Upload-Offset": str(offset),
                "Upload-Length": str(len(content) if length is None else length),
            },
        )

    def bundle(self, who: str) -> HttpResponse:
        return self.as_(who).get(f"{BASE}bundle/", headers={"Collection-Device": DEVICE})

    def current(self, home: Subject | None = None) -> CollectionRecord | None:
        return CollectionRecord.objects.filter(subject=home or self.home, is_current=True).first()


def make_form(*, township: Township, code: str = "household", **more: Any) -> CollectionForm:
    content = more.pop("content", CONTENT)
    return CollectionForm.objects.create(
        township=township, code=code, version=more.pop("version", 1), title="农户建档表",
        purpose="file", subject_kind="household", content=content, sha256=digest(content),
        state="in_use", created_at=NOON, used_from=NOON, **more,
    )  # fmt: skip


def make_round(*, township: Township, forms: list[CollectionForm]) -> CollectionRound:
    made = CollectionRound.objects.create(
        township=township, title="2026年秋季采集", opens_on=date(2026, 10, 1),
        closes_on=date(2026, 12, 31), state="open", created_at=NOON,
    )  # fmt: skip
    for form in forms:
        RoundForm.objects.create(round=made, form=form)
    return made


def open_field() -> Field:
    """Hong has the household `home`, Ming the one beside it."""
    township = make_township()
    village = make_village(township=township)
    home = make_household(village=village, number="027", name="张三")
    other = make_household(village=village, number="028", name="王强")
    form = make_form(township=township)
    made = Field(
        township=township, village=village, form=form,
        round=make_round(township=township, forms=[form]),
        home=home, other_home=other,
        member=make_member(household=home, phone="13812345678"),
        hong=make_staff(name="李红", role="collector", village=village),
        ming=make_staff(name="赵明", role="collector", village=village),
        clerk=make_staff(name="林文书", role="village_clerk", village=village),
    )  # fmt: skip
    made.assign(made.hong, home)
    made.assign(made.ming, other)
    return made


def sha_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def photo(*, size: tuple[int, int] = (64, 48), kind: str = "JPEG", **more: Any) -> bytes:
    """A photo with an orientation and a place in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "手机"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind, exif=exif, **more)
    return file.getvalue()
