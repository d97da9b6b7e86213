"""What a household is asked to fill in itself, and the links sent to somebody away."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from households.models import (
    CollectionForm,
    CollectionRound,
    Member,
    ReportLink,
    RoundForm,
    Subject,
)
from notices.masking import masked_name
from trail.scope import Scope
from trail.sealing import lookup_digest

# Letters and digits of a link's secret.
SECRET_LENGTH = 26


def forms_asked(subject: Subject) -> list[tuple[CollectionForm, CollectionRound]]:
    """The forms that files of this kind are asked now, each with its round."""
    asked = RoundForm.objects.filter(
        round__township_id=subject.village.township_id,
        round__state=CollectionRound.State.OPEN,
        form__subject_kind=subject.kind,
    )
    rows = asked.select_related("form", "round").order_by("round__closes_on", "id")
    found: dict[str, tuple[CollectionForm, CollectionRound]] = {}
    for row in rows:
        found.setdefault(row.form.code, (row.form, row.round))
    return list(found.values())


def people_of(subject: Subject) -> list[tuple[int, str]]:
    """The members on the household's list, for a question about a person; no full name."""
    mine = Member.objects.filter(
        village_id=subject.village_id, subject=subject, state=Member.State.ACTIVE
    )
    return [(member.pk, _told(member)) for member in mine.order_by("id")]


def _told(member: Member) -> str:
    name = masked_name(member.name)
    if member.birth_on is None:
        return name
    return _("%(name)s（%(year)s年生）") % {"name": name, "year": member.birth_on.year}


def secret_digest(secret: str) -> bytes:
    """By which a link is known."""
    return lookup_digest(secret, purpose="households.reportlink.secret")


def link_of(secret: str) -> ReportLink | None:
    """The link with this secret, whether it still opens or not."""
    if not (secret.isascii() and secret.isalnum()) or len(secret) != SECRET_LENGTH:
        return None
    found = ReportLink.objects.filter(secret_digest=secret_digest(secret))
    needed = ("subject__unit", "subject__village__township", "form", "round")
    return found.select_related(*needed).first()


def own_link(*, person_id: int, number: int) -> ReportLink | None:
    """A link this person made."""
    return ReportLink.objects.filter(made_by_id=person_id, pk=number).first()


def links_within(scope: Scope, action: str) -> QuerySet[ReportLink]:
    """The links to files of the scope, the newest first."""
    found = ReportLink.objects.within(scope, action).defer("secret_digest")
    return found.select_related("subject__unit", "village", "form", "round", "made_by")


def is_open(link: ReportLink, *, at: datetime) -> bool:
    """Whether it can still be filled in."""
    return link.used_at is None and link.void_at is None and link.expires_at > at
