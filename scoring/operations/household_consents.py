"""Consents and erasing: the file follows, and with it what notices show of the household."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from households.models import Consent, Member, Subject
from households.operations.files import consents
from households.operations.files.consents import Followed, Given
from notices import operations as notices
from notices.masking import masked_name
from scoring.queries.labelled import rows_of
from trail.actor import Actor
from trail.operations import part, record


@transaction.atomic
def record_consent(*, subject: Subject, given: Given, by: Actor, at: datetime) -> Subject:
    """Record what was agreed to; raises what `consents.give` raises. Twice is once."""
    followed = consents.give(subject=subject, given=given, at=at)
    return _recorded(
        "households.consent_recorded", followed, {"purpose": given.purpose.value}, by=by, at=at
    )


@transaction.atomic
def withdraw_consent(
    *, subject: Subject, consent: Consent, on: date, by: Actor, at: datetime
) -> Subject:
    """Record that a consent was taken back; a published masked name goes at once."""
    followed = consents.take_back(subject=subject, consent=consent, on=on, at=at)
    purpose = {"purpose": consent.purpose}
    return _recorded("households.consent_withdrawn", followed, purpose, by=by, at=at)


@transaction.atomic
def erase_member(
    *, subject: Subject, member: Member, reason: str, by: Actor, at: datetime
) -> Subject:
    """Erase all that is kept of a person. The ledger, its seals and every proof stay (I-34).

    What an earlier collection wrote down of the household is no row of the person and stays.
    """
    followed = consents.empty(subject=subject, member=member, at=at)
    about = {"member": member.pk, "reason": reason}
    return _recorded("households.member_erased", followed, about, by=by, at=at)


def _recorded(
    what: str, followed: Followed, detail: Mapping[str, object], *, by: Actor, at: datetime
) -> Subject:
    subject = followed.subject
    if not followed.fresh:
        return subject
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.subject:{subject.pk}",
        village_id=subject.village_id,
        detail={**detail, "notices": follow_choice(subject=subject)},
        changes=followed.changes,
    )
    return subject


@part
def follow_choice(*, subject: Subject) -> int:
    """Show the household in its published notices as it chose; how many notices changed."""
    chosen = subject.publish_choice == Subject.PublishChoice.MASKED and subject.name
    label = masked_name(subject.name) if chosen else ""
    rows = rows_of(village_id=subject.village_id, subject_id=subject.pk)
    changed = [notices.relabel(notice=notice, labels={key: label}) for notice, key in rows]
    return sum(map(bool, changed))
