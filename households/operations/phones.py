"""Phones of collectors: seen, lost, and what was not sent from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from households.models import CollectorPhone
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record


class PhoneIsRevoked(DomainError):
    """The phone was reported lost; nothing is taken from it."""

    code = "phone_revoked"


def refuse_revoked(*, person_id: int, device: UUID) -> None:
    """Raises PhoneIsRevoked."""
    _refuse(CollectorPhone.objects.filter(person_id=person_id, device=device))


def refuse_lost(*, device: UUID) -> None:
    """Of a phone on which nobody is logged in any more; whose it was nobody knows.

    Raises PhoneIsRevoked.
    """
    _refuse(CollectorPhone.objects.filter(device=device))


def _refuse(phones: QuerySet[CollectorPhone]) -> None:
    if phones.filter(revoked_at__isnull=False).exists():
        raise PhoneIsRevoked(
            _(
                "这部手机已经停用，填好没发送的内容加了密，留在手机里。手机找到了，请村里恢复使用，再登录接着发送"
            )
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A phone as it tells of itself; of its drafts ids, states and times."""

    device: UUID
    label: str
    drafts: Sequence[dict[str, object]]


@transaction.atomic
def report_phone(
    *, township_id: int, person_id: int, seen: Seen, by: Actor, at: datetime
) -> CollectorPhone:
    """The phone is here and these drafts are on it; the first time is on the trail.

    Of a revoked phone nothing is written any more.
    """
    phone, is_new = CollectorPhone.objects.select_for_update().get_or_create(
        person_id=person_id,
        device=seen.device,
        defaults={"township_id": township_id, "seen_at": at},
    )
    if phone.revoked_at is not None:
        return phone
    phone.label, phone.drafts, phone.seen_at = seen.label, list(seen.drafts), at
    phone.save(update_fields=["label", "drafts", "seen_at"])
    if is_new:
        _record(phone, what="collection.phone_known", by=by, at=at)
    return phone


@transaction.atomic
def revoke_phone(*, phone: CollectorPhone, by: Actor, at: datetime) -> None:
    """The phone is lost: from now on it is refused, and what was on it unsent is named. Once."""
    locked = CollectorPhone.objects.select_for_update().get(pk=phone.pk)
    if locked.revoked_at is not None:
        return
    locked.revoked_at = at
    locked.save(update_fields=["revoked_at"])
    _record(locked, what="collection.phone_revoked", by=by, at=at)


@transaction.atomic
def restore_phone(*, phone: CollectorPhone, by: Actor, at: datetime) -> None:
    """The phone was found: it is taken from again, and its drafts can be read and sent. Once."""
    locked = CollectorPhone.objects.select_for_update().get(pk=phone.pk)
    if locked.revoked_at is None:
        return
    locked.revoked_at = None
    locked.save(update_fields=["revoked_at"])
    _record(locked, what="collection.phone_restored", by=by, at=at)


def _record(phone: CollectorPhone, *, what: str, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.collectorphone:{phone.pk}",
        detail={"person": phone.person_id, "drafts": len(phone.drafts)},
    )
