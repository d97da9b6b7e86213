"""Publishing a month's notice: what two persons do, and nothing that shows a person's name."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Proposal
from notices import operations as notices
from notices.models import Notice
from scoring.queries.publishing import checked_preview
from trail.actor import Actor
from trail.errors import DomainError


class PrivacyBroken(DomainError):
    """The notice would show a full name, an ID number or a phone."""

    code = "privacy_broken"


@transaction.atomic
def propose(*, notice: Notice, by: Actor, at: datetime) -> Proposal:
    """Ask a second person to publish; raises PrivacyBroken, or what notices refuse."""
    _refuse_leaks(notice)
    return notices.propose_publication(notice=notice, by=by, at=at)


@transaction.atomic
def approve(
    *, notice: Notice, proposal: Proposal, publish_on: date, by: Actor, at: datetime
) -> Notice:
    """As the second person, approve and set the day; raises PrivacyBroken, or what notices refuse.

    The register may have changed since the proposal, so it is looked through again.
    """
    _refuse_leaks(notice)
    return notices.approve_publication(
        notice=notice, proposal=proposal, publish_on=publish_on, by=by, at=at
    )


def _refuse_leaks(notice: Notice) -> None:
    leaks = checked_preview(notice).leaks
    if leaks:
        raise PrivacyBroken(
            _("公示里有 %d 处完整姓名或号码，不能发布。先改户里的资料。") % len(leaks)
        )
