"""A link for who answers for others' acts: one person asks, another agrees and hands it over.

Who asks never sees the link. Who agrees sees it once, and is therefore the second person of none of
the holder's acts (`accounts.operations.decide`).
"""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Invitation, Proposal
from accounts.operations.granting import GrantToOneself, Home
from accounts.operations.invitations import check_free, make_link
from trail.actor import Actor
from villages import queries as village_queries
from villages.models import Person


@transaction.atomic
def propose_link(
    *,
    person: Person,
    username: str,
    because: str,
    home: Home,
    by: Actor,
    at: datetime,
) -> Proposal:
    """Ask a second person for a link. Raises GrantToOneself, UnfitUsername, UsernameTaken."""
    if person.pk == by.person_id:
        raise GrantToOneself(_("不能给自己提出发链接，请另一个人提出。"))
    again = check_free(person=person, username=username)
    words = _("请%(who)s开账号%(username)s")
    if again:
        words = _("请%(who)s重新定账号%(username)s的密码")
    return approvals.propose(
        kind=Proposal.Kind.ACCOUNT,
        about=f"villages.person:{person.pk}:{username}",
        village_id=home.village_id,
        township_id=home.township_id,
        content=json.dumps({"person": person.pk, "username": username}, sort_keys=True),
        summary=words % {"who": person.name, "username": username},
        because=because,
        by=by,
        at=at,
    )


def wanted_by(proposal: Proposal) -> tuple[Person, str]:
    """For whom, and under which name."""
    told = json.loads(proposal.content)
    return village_queries.person_by_id(told["person"]), told["username"]


@transaction.atomic
def agree(*, proposal: Proposal, by: Actor, at: datetime) -> None:
    """As the second person. Raises GrantToOneself, or what deciding raises."""
    if wanted_by(proposal)[0].pk == by.person_id:
        raise GrantToOneself(_("不能确认自己的账号，请另一个人确认。"))
    approvals.decide(proposal=proposal, approve=True, by=by, at=at)


def is_due(*, proposal: Proposal, person_id: int, at: datetime) -> bool:
    """Whether this person has agreed to the link and not yet handed it over."""
    mine = proposal.kind == Proposal.Kind.ACCOUNT and proposal.decided_by_id == person_id
    return mine and proposal.is_approved(at)


@transaction.atomic
def hand_over(*, proposal: Proposal, by: Actor, at: datetime) -> tuple[Invitation, str]:
    """The link, told once, to who agreed. Raises NotYours or NoApproval."""
    if proposal.decided_by_id != by.person_id:
        raise approvals.NotYours(_("链接只给同意的那个人，由他当面交给本人。"))
    person, username = wanted_by(proposal)
    approvals.consume(
        kind=Proposal.Kind.ACCOUNT,
        about=proposal.about,
        village_id=proposal.village_id,
        township_id=proposal.township_id,
        content=proposal.content,
        at=at,
    )
    return make_link(person=person, username=username, by=by, at=at)
