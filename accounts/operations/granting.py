"""Giving a post by two persons: nobody proposes it for himself, nobody approves his own."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts import queries
from accounts.models import Proposal
from accounts.roles import (
    Action,
    actions_of,
    held_in_township,
    held_in_village,
    role_name,
    roles_with,
)
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages import queries as village_queries
from villages.models import Person, Posting, Township, Unit, Village
from villages.operations import NewPosting, end_posting, put_on_posts

MOST_DEPUTY_DAYS = 180


class GrantToOneself(DomainError):
    """A person would give himself a post, alone or as the second of two (T-14)."""

    code = "grant_to_oneself"


class UnfitGrant(DomainError):
    """The post cannot be held there, then, or in that way; the message says which."""

    code = "unfit_grant"


class LastWhoConfirms(DomainError):
    """Nobody could give a post in the township any more."""

    code = "last_who_confirms"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the proposal is at home: the village, or the township where it names none."""

    village_id: int | None
    township_id: int | None


def home_of(wanted: NewPosting) -> Home:
    """Where two persons decide about this posting."""
    if wanted.village is not None:
        return Home(village_id=wanted.village.pk, township_id=None)
    return Home(village_id=None, township_id=wanted.township.pk)


def deputy(*, stands_in_for: Posting, person: Person, from_on: date, days: int) -> NewPosting:
    """The posting of who stands in for `days` days; the same post in the same place."""
    return NewPosting(
        person=person,
        role=stands_in_for.post.code,
        township=stands_in_for.township,
        village=stands_in_for.village,
        unit=stands_in_for.unit,
        from_on=from_on,
        to_on=from_on + timedelta(days=days - 1),
        deputy_of=stands_in_for,
    )


@transaction.atomic
def propose_grant(*, wanted: NewPosting, because: str, by: Actor, at: datetime) -> Proposal:
    """Ask a second person to give this post. Raises GrantToOneself or UnfitGrant."""
    if wanted.person.pk == by.person_id:
        raise GrantToOneself(_("不能给自己提出任职，请另一个人提出。"))
    _check(wanted, on=business_date(at))
    home = home_of(wanted)
    return approvals.propose(
        kind=Proposal.Kind.ROLE,
        about=about(wanted),
        village_id=home.village_id,
        township_id=home.township_id,
        content=content_to_approve(wanted),
        summary=in_words(wanted),
        because=because,
        by=by,
        at=at,
    )


@transaction.atomic
def carry_out(*, proposal: Proposal, by: Actor, at: datetime) -> Posting:
    """As the second person, agree, and open the posting exactly as it was proposed: one event.

    Raises GrantToOneself, UnfitGrant, PostsExclude, or what deciding raises.
    """
    wanted = wanted_by(proposal)
    if wanted.person.pk == by.person_id:
        raise GrantToOneself(_("不能确认自己的任职，请另一个人确认。"))
    _check(wanted, on=min(business_date(at), wanted.from_on))
    if wanted.to_on is not None and wanted.to_on < business_date(at):
        raise UnfitGrant(_("任职的最后一天已经过了，请重新提出。"))
    approvals.agree(proposal=proposal, by=by, at=at)
    home = home_of(wanted)
    approvals.consume(
        kind=Proposal.Kind.ROLE,
        about=about(wanted),
        village_id=home.village_id,
        township_id=home.township_id,
        content=content_to_approve(wanted),
        at=at,
    )
    [opened] = put_on_posts(postings=[wanted])
    record(
        by=by,
        at=at,
        what="villages.postings_opened",
        about=about(wanted),
        village_id=home.village_id,
        detail={"postings": [opened.pk], **approvals.facts_of(proposal)},
    )
    return opened


@transaction.atomic
def end_post(*, posting: Posting, last_day: date | None, by: Actor, at: datetime) -> None:
    """End a posting, but not the last one of a township that can confirm postings.

    Raises LastWhoConfirms, or HasEnded.
    """
    if posting.village_id is None and _confirms_posts(posting.post.code):
        queries.lock_township(township_id=posting.township_id)
        after = max(last_day or business_date(at), posting.from_on) + timedelta(days=1)
        roles = roles_with(Action.APPROVE_ROLE)
        others = village_queries.holders_left(of=posting, roles=roles, on=after)
        if not others.exists():
            raise LastWhoConfirms(
                _(
                    "%(place)s只剩这一个任职能确认任职，结束了就没有人能再给人任职。"
                    "请先给另一个人任乡镇管理员或安全管理员，再来结束。"
                )
                % {"place": posting.township.name}
            )
    end_posting(posting=posting, last_day=last_day, by=by, at=at)


def _confirms_posts(role: str) -> bool:
    return Action.APPROVE_ROLE in actions_of(role)


def about(wanted: NewPosting) -> str:
    """What a proposal is about: this person in this post, and in this unit where there is one."""
    unit = f":{wanted.unit.pk}" if wanted.unit else ""
    return f"villages.person:{wanted.person.pk}:{wanted.role}{unit}"


def content_to_approve(wanted: NewPosting) -> str:
    """The posting as ids and days, always written the same way."""
    told = {
        "person": wanted.person.pk,
        "role": wanted.role,
        "township": wanted.township.pk,
        "village": wanted.village.pk if wanted.village else None,
        "unit": wanted.unit.pk if wanted.unit else None,
        "route": str(wanted.route),
        "qualification": wanted.qualification,
        "from_on": wanted.from_on.isoformat(),
        "to_on": wanted.to_on.isoformat() if wanted.to_on else None,
        "deputy_of": wanted.deputy_of.pk if wanted.deputy_of else None,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def wanted_by(proposal: Proposal) -> NewPosting:
    """The posting a proposal asks for, as its content has it."""
    told = json.loads(proposal.content)
    person, township, village, unit, instead = village_queries.for_granting(
        person_id=told["person"],
        township_id=told["township"],
        village_id=told["village"],
        unit_id=told["unit"],
        deputy_of_id=told["deputy_of"],
    )
    return NewPosting(
        person=person,
        role=told["role"],
        township=township,
        village=village,
        unit=unit,
        route=Posting.Route(told["route"]),
        qualification=told["qualification"],
        from_on=date.fromisoformat(told["from_on"]),
        to_on=date.fromisoformat(told["to_on"]) if told["to_on"] else None,
        deputy_of=instead,
    )


def in_words(wanted: NewPosting) -> str:
    """The same for the two persons, in one line."""
    place = place_in_words(wanted.township, wanted.village, wanted.unit)
    days = {"first": date_format(wanted.from_on), "last": ""}
    if wanted.to_on:
        days["last"] = _("到%(day)s") % {"day": date_format(wanted.to_on)}
    instead = wanted.deputy_of
    return _("%(who)s任%(place)s%(post)s%(instead)s，%(first)s起%(last)s") % {
        "who": wanted.person.name,
        "place": place,
        "post": role_name(wanted.role),
        "instead": _("（代%(name)s）") % {"name": instead.person.name} if instead else "",
        **days,
    }


def place_in_words(township: Township, village: Village | None, unit: Unit | None) -> str:
    """The place of a posting as it is said."""
    if village is None:
        return township.name
    return f"{village.name}{unit.name}" if unit else village.name


def _check(wanted: NewPosting, *, on: date) -> None:
    fits = held_in_village(wanted.role) if wanted.village else held_in_township(wanted.role)
    if not fits:
        raise UnfitGrant(
            _("%(post)s不在这里任职。乡镇的职务选乡镇，村的职务选村。")
            % {"post": role_name(wanted.role)}
        )
    if wanted.from_on < on:
        raise UnfitGrant(_("任职要从今天或以后的日子开始。"))
    if wanted.to_on is not None and wanted.to_on < wanted.from_on:
        raise UnfitGrant(_("结束的日子不能早于开始的日子。"))
    if wanted.deputy_of is not None:
        _check_deputy(wanted, wanted.deputy_of)


def _check_deputy(wanted: NewPosting, instead: Posting) -> None:
    if wanted.person.pk == instead.person_id:
        raise UnfitGrant(_("代职的人要是另一个人。"))
    if instead.is_over(wanted.from_on):
        raise UnfitGrant(_("被代的任职那时已经结束，没有可代的。"))
    if wanted.to_on is None or (wanted.to_on - wanted.from_on).days >= MOST_DEPUTY_DAYS:
        raise UnfitGrant(_("代职要写明几天，最多%s天。") % MOST_DEPUTY_DAYS)
    if instead.to_on is not None and wanted.to_on > instead.to_on:
        raise UnfitGrant(
            _("代职不能比原来的任职还长，原来的到%s为止。") % date_format(instead.to_on)
        )
