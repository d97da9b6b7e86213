"""One-time links for somebody away: made, called back, and used once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import CollectionForm, CollectionRecord, CollectionRound, ReportLink, Subject
from households.operations.record_saying import Said
from households.operations.records import receive
from households.queries.reporting import SECRET_LENGTH, is_open, secret_digest
from trail.actor import Actor
from trail.crockford import random_text
from trail.errors import DomainError
from trail.operations import record

OPEN_FOR = timedelta(days=7)
_NUMBERS = UUID("5a1f6a1e-6f0e-4a0b-9a35-0d1f0d6f5c11")


class LinkIsSpent(DomainError):
    """The link was used, called back, or is too old."""

    code = "link_is_spent"


def number_of(link: ReportLink) -> UUID:
    """The number of the one record a link can bring."""
    return uuid5(_NUMBERS, f"{link.village_id}:{link.pk}")


@transaction.atomic
def make_link(
    *,
    subject: Subject,
    form: CollectionForm,
    round_: CollectionRound | None,
    person_id: int,
    by: Actor,
    at: datetime,
) -> tuple[ReportLink, str]:
    """The link and its secret, which is known here once and never again.

    The caller has seen to it that `by` may collect from the household.
    """
    secret = random_text(SECRET_LENGTH)
    made = ReportLink.objects.create(
        village_id=subject.village_id,
        subject=subject,
        form=form,
        round=round_,
        secret_digest=secret_digest(secret),
        made_by_id=person_id,
        made_at=at,
        expires_at=at + OPEN_FOR,
    )
    _record(made, what="collection.link_made", by=by, at=at)
    return made, secret


@transaction.atomic
def revoke_link(*, link: ReportLink, by: Actor, at: datetime) -> bool:
    """The link opens nothing any more; False when it was used or called back already."""
    locked = ReportLink.objects.select_for_update().get(pk=link.pk)
    if locked.void_at is not None or locked.used_at is not None:
        return False
    locked.void_at = at
    locked.save(update_fields=["void_at"])
    _record(locked, what="collection.link_revoked", by=by, at=at)
    return True


@transaction.atomic
def report_through(*, link: ReportLink, said: Said, by: Actor, at: datetime) -> CollectionRecord:
    """What was filled in behind the link; a second time is refused.

    Raises LinkIsSpent and what `records.receive` raises.
    """
    locked = ReportLink.objects.select_for_update().get(pk=link.pk)
    if not is_open(locked, at=at):
        raise LinkIsSpent(_("这个链接已经用过、作废或者过期了。请让村里再发一个"))
    kept, _is_new = receive(subject=link.subject, said=said, by=by, at=at)
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    return kept


def _record(link: ReportLink, *, what: str, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.reportlink:{link.pk}",
        village_id=link.village_id,
        detail={"subject": link.subject_id, "form": link.form_id},
    )
