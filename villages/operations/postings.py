"""Putting persons on posts, and ending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trail.actor import Actor
from trail.changes import as_it_is, differences
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import part, record
from villages.models import Person, Post, Posting, Township, Unit, Village, WorkGroup

BATCH = 1_000
# What the database's rules over posting periods say, by the name of the rule.
EXCLUSIONS = {
    "villages_posting_administrators_are_apart": gettext_lazy(
        "系统管理员、安全管理员、审计管理员要由不同的人担任，这个人同一时间已经担任其中一个。"
        "请换一个人，或者先结束原来的任职。"
    ),
    "villages_posting_supervision_apart_from_committee": gettext_lazy(
        "监督小组成员不能同时是同一个村的两委成员。请换一个人，或者先结束原来的任职。"
    ),
}


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A posting to be opened: `role` is the code of a post; no village means the township."""

    person: Person
    role: str
    township: Township
    from_on: date
    village: Village | None = None
    unit: Unit | None = None
    group: WorkGroup | None = None
    to_on: date | None = None
    route: Posting.Route = Posting.Route.ASSIGNED
    qualification: str = ""
    deputy_of: Posting | None = None


class PostsExclude(DomainError):
    """The person holds a post at that time that this one may not meet in one person."""

    code = "posts_exclude"


class HasEnded(DomainError):
    """The posting has ended already, or ends before the day that was asked for."""

    code = "posting_has_ended"


@transaction.atomic
def open_posting(*, posting: NewPosting, by: Actor, at: datetime) -> Posting:
    """Put one person on a post; raises Post.DoesNotExist for a role that has none."""
    return open_postings(postings=[posting], by=by, at=at)[0]


@transaction.atomic
def open_postings(*, postings: Sequence[NewPosting], by: Actor, at: datetime) -> list[Posting]:
    """Put persons on posts, in their order; one audit event a township carries their count.

    Raises Post.DoesNotExist for a role that has no post, or PostsExclude.
    """
    opened = put_on_posts(postings=postings)
    for township_id in sorted({posting.township_id for posting in opened}):
        _record_postings([row for row in opened if row.township_id == township_id], by=by, at=at)
    return opened


@part
def put_on_posts(*, postings: Sequence[NewPosting]) -> list[Posting]:
    """The same as a part of the operation that carries out what two persons agreed on."""
    posts = {role: Post.objects.get(code=role) for role in {new.role for new in postings}}
    return _stored([_row(new, posts[new.role]) for new in postings])


def _row(new: NewPosting, post: Post) -> Posting:
    return Posting(
        person=new.person,
        post=post,
        township=new.township,
        village=new.village,
        unit=new.unit,
        group=new.group,
        route=new.route,
        qualification=new.qualification,
        from_on=new.from_on,
        to_on=new.to_on,
        deputy_of=new.deputy_of,
    )


def _stored(rows: list[Posting]) -> list[Posting]:
    try:
        with transaction.atomic():
            return Posting.objects.bulk_create(rows, batch_size=BATCH)
    except IntegrityError as refusal:
        told = EXCLUSIONS.get(_rule_of(refusal))
        if told is None:
            raise
        raise PostsExclude(str(told)) from refusal


def _rule_of(refusal: IntegrityError) -> str:
    diagnosis = getattr(refusal.__cause__, "diag", None)
    return str(diagnosis.constraint_name or "") if diagnosis else ""


def _record_postings(opened: Sequence[Posting], *, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what="villages.postings_opened",
        about=f"villages.township:{opened[0].township_id}",
        detail={"count": len(opened), "postings": [posting.pk for posting in opened]},
    )


@transaction.atomic
def end_posting(*, posting: Posting, last_day: date | None, by: Actor, at: datetime) -> None:
    """End a posting after `last_day`, or at this moment when it is None.

    A posting is only ever shortened: to prolong one is to grant it anew. Raises HasEnded.
    """
    locked = Posting.objects.select_for_update().get(pk=posting.pk)
    today, before = business_date(at), as_it_is(locked, "ended_at", "to_on")
    if locked.ended_at or (locked.to_on and locked.to_on < today):
        raise HasEnded(_("这个任职已经结束了。"))
    if last_day is None:
        locked.ended_at = at
    elif last_day < max(today, locked.from_on) or (locked.to_on and last_day > locked.to_on):
        raise HasEnded(_("最后一天要从今天起，不能晚于原来的最后一天，也不能早于开始那天。"))
    else:
        locked.to_on = last_day
    locked.save(update_fields=["ended_at", "to_on"])
    record(
        by=by,
        at=at,
        what="villages.posting_ended",
        about=f"villages.posting:{locked.pk}",
        village_id=locked.village_id,
        detail={"person": locked.person_id},
        changes=differences(locked, before),
    )
