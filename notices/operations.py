"""The life of a notice: drafted, proposed, approved by a second person, published on its day."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from notices import proof, queries
from notices.errors import (
    AlreadyCorrected,
    AnotherMatter,
    NotADraft,
    NotApproved,
    NotItsDay,
    NotOnShow,
)
from notices.models import Notice, NoticeBody, NoticeLabel
from notices.registry import SealedContent, builder_for
from trail.actor import Actor
from trail.changes import Change, as_it_is, differences
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import part, record
from villages.models import Village

logger = logging.getLogger(__name__)
# When it is on the wall, and whether.
SHOWN = ("state", "publish_on", "until_on")
PUBLISHER = Actor.system("notices.publish_due_notices")


def reference(notice: Notice) -> str:
    """How proposals and the audit trail name a notice."""
    return f"notices.notice:{notice.pk}"


def content_to_approve(body: NoticeBody) -> str:
    """What two persons approve: the short code and the digest of the sealed content."""
    return f"{body.short_code} {bytes(body.content_sha256).hex()}"


def facts_of(notice: Notice) -> dict[str, object]:
    """What the event of an act says of the notice that it drafted or approved."""
    digest = bytes(queries.body_of(notice).content_sha256).hex()
    return {"notice": notice.pk, "number": notice.number, "notice_sha256": digest}


@part
def draft(*, kind: str, village: Village, month: str, at: datetime) -> Notice:
    """Seal the content of the month's notice of this kind, once; later calls return the same.

    A part of the operation that closes the month.
    """
    existing = queries.original(village_id=village.pk, month=month, kind=kind)
    if existing:
        return existing
    builder = builder_for(kind)
    sealed = builder.build(village_id=village.pk, month=month)
    notice = Notice(
        village=village,
        kind=kind,
        month=month,
        title=builder.title(village.name, month),
        created_at=at,
    )
    return _draft(notice, sealed)


@part
def draft_correction(
    *, corrects: Notice, content: Mapping[str, Any], seal_root: bytes, title: str, at: datetime
) -> Notice:
    """Seal the changed lines of a published notice, which stays as it is and is named.

    A part of the operation that corrects the month. Raises NotOnShow before it is published,
    AlreadyCorrected when it has its correction.
    """
    locked = _locked(corrects)
    if locked.state != Notice.State.PUBLISHED:
        raise NotOnShow(_("公示 %s 还没发布。请先发布，再更正。") % locked.number)
    if locked.corrections.exists():
        raise AlreadyCorrected(_("公示 %s 已经更正过，请更正新的那一份。") % locked.number)
    notice = Notice(
        village=locked.village,
        kind=locked.kind,
        month=locked.month,
        title=title,
        corrects=locked,
        created_at=at,
    )
    return _draft(notice, SealedContent(content, seal_root))


def _draft(notice: Notice, sealed: SealedContent) -> Notice:
    village_id, month, kind = notice.village_id, notice.month or "", notice.kind
    ordinal = queries.count_of(village_id=village_id, month=month, kind=kind) + 1
    notice.number = f"{month}-{kind}-{ordinal}"
    notice.save()
    canonical = proof.canonical_json(sealed.content)
    digest = proof.content_digest(canonical)
    NoticeBody.objects.create(
        notice=notice,
        canonical=canonical,
        content_sha256=digest,
        seal_root=sealed.seal_root,
        short_code=proof.short_code(
            content_sha256=digest, seal_root=sealed.seal_root, notice_id=notice.pk
        ),
    )
    return notice


@transaction.atomic
def propose_publication(*, notice: Notice, by: Actor, at: datetime) -> Proposal:
    """Ask a second person to publish exactly this content; raises NotADraft."""
    locked = _locked(notice)
    if locked.state != Notice.State.DRAFT:
        raise NotADraft(_("这份公示已经确认过了，不用再提。"))
    return approvals.propose(
        kind=Proposal.Kind.PUBLICATION,
        about=reference(locked),
        village_id=locked.village_id,
        content=content_to_approve(queries.body_of(locked)),
        summary=_("发布《%s》") % locked.title[:180],
        by=by,
        at=at,
    )


@transaction.atomic
def approve_publication(
    *, notice: Notice, proposal: Proposal, publish_on: date, by: Actor, at: datetime
) -> Notice:
    """As the second person, approve and set the day, in one event.

    The period has the township's days. Raises NotADraft, AnotherMatter, NotItsDay (past, or
    beyond the approval's own life), and whatever `accounts.operations.agree` refuses.
    """
    locked = _locked(notice)
    if locked.state != Notice.State.DRAFT:
        raise NotADraft(_("这份公示已经确认过了。"))
    sealed = approvals.content_digest(content_to_approve(queries.body_of(locked)))
    meant = (proposal.kind, proposal.about, bytes(proposal.content_sha256))
    if meant != (Proposal.Kind.PUBLICATION, reference(locked), sealed):
        raise AnotherMatter(_("这次确认说的不是这份公示，或者提出以后公示变了，请重新提出。"))
    if not business_date(at) <= publish_on < business_date(proposal.expires_at):
        raise NotItsDay(_("发布日期要在今天到确认有效期之内，请换一天。"))
    agreed = approvals.agree(proposal=proposal, by=by, at=at)
    before = as_it_is(locked, *SHOWN)
    days = queries.days_on_show(township_id=locked.village.township_id)
    locked.state = Notice.State.APPROVED
    locked.publish_on, locked.until_on = publish_on, publish_on + timedelta(days=days - 1)
    locked.save(update_fields=SHOWN)
    changes, told = differences(locked, before), approvals.facts_of(agreed)
    _record(locked, what="notice.approved", by=by, at=at, changes=changes, **told)
    return locked


@transaction.atomic
def publish(*, notice: Notice, at: datetime) -> Notice:
    """Put an approved notice on show once its day has come; a published one stays as it is.

    A late start moves the whole period on, so nobody loses a day of it. Raises NotApproved,
    NotItsDay, or NoApproval when what was approved is not what is sealed.
    """
    locked = _locked(notice)
    if locked.state == Notice.State.PUBLISHED:
        return locked
    if not (locked.state == Notice.State.APPROVED and locked.publish_on and locked.until_on):
        raise NotApproved(_("这份公示还没有第二个人确认，不能发布。"))
    late = business_date(at) - locked.publish_on
    if late < timedelta(0):
        raise NotItsDay(_("还没到发布的日子。"))
    body = queries.body_of(locked)
    approval = approvals.consume(
        kind=Proposal.Kind.PUBLICATION,
        about=reference(locked),
        village_id=locked.village_id,
        content=content_to_approve(body),
        at=at,
    )
    labels, before = _write_labels(locked, body), as_it_is(locked, *SHOWN)
    locked.publish_on += late
    locked.until_on += late
    locked.state, locked.published_at = Notice.State.PUBLISHED, at
    locked.save(update_fields=[*SHOWN, "published_at"])
    told, changes = {"labels": labels, **approvals.facts_of(approval)}, differences(locked, before)
    _record(locked, what="notice.published", by=PUBLISHER, at=at, changes=changes, **told)
    return locked


def publish_due(*, at: datetime) -> int:
    """Publish every approved notice whose day has come; one that is refused holds up no other."""
    count = 0
    for notice in queries.due_for_publication(on=business_date(at)):
        try:
            publish(notice=notice, at=at)
        except DomainError as refusal:
            logger.warning("notice %s not published: %s", notice.pk, refusal.code)
        else:
            count += 1
    return count


@part
def relabel(*, notice: Notice, labels: Mapping[str, str]) -> int:
    """Show these rows of a published notice under other labels; how many really changed.

    A part: the operation that calls it says whose choice it follows.
    """
    locked = _locked(notice)
    shown = NoticeLabel.objects.filter(
        village_id=locked.village_id, notice=locked, subject_key__in=labels
    )
    wrong = [one for one in shown if one.label != labels[one.subject_key]]
    if locked.state != Notice.State.PUBLISHED or not wrong:
        return 0
    shown.filter(pk__in=[one.pk for one in wrong]).delete()
    NoticeLabel.objects.bulk_create(
        [
            NoticeLabel(
                village_id=locked.village_id,
                notice=locked,
                subject_key=one.subject_key,
                label=labels[one.subject_key],
                unit=one.unit,
            )
            for one in wrong
        ]
    )
    locked.label_version += 1
    locked.save(update_fields=["label_version"])
    return len(wrong)


def _locked(notice: Notice) -> Notice:
    return (
        Notice.objects.select_for_update(of=("self",))
        .select_related("village__township")
        .get(pk=notice.pk)
    )


def _write_labels(notice: Notice, body: NoticeBody) -> int:
    units = {f"{row['group']}/{row['number']}": row["group"] for row in body.content["rows"]}
    labels = builder_for(notice.kind).labels(village_id=notice.village_id, keys=units.keys())
    NoticeLabel.objects.bulk_create(
        [
            NoticeLabel(
                village_id=notice.village_id,
                notice=notice,
                subject_key=key,
                label=labels.get(key, ""),
                unit=unit,
            )
            for key, unit in units.items()
        ],
        batch_size=2000,
    )
    return len(units)


def _record(
    notice: Notice,
    *,
    what: str,
    by: Actor,
    at: datetime,
    changes: Sequence[Change],
    **detail: object,
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=reference(notice),
        village_id=notice.village_id,
        detail={"number": notice.number, **detail},
        changes=changes,
    )
