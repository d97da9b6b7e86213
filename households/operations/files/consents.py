"""What people agree to and take back, and what becomes of it on the file; parts of operations."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from households.errors import ConsentNotFitting, DateCannotBe, FileIsClosed
from households.identity import is_under_14
from households.importing.verdicts import HEADS
from households.models import Channel, Consent, FileChange, Member, Relation, Subject
from households.operations.files.facts import Facts, changes_between, columns_of, facts_of
from households.operations.files.keeping import Told, When, checked, locked, settle, tell
from households.operations.files.listed import known_of, write
from households.operations.searching import keep_found
from trail.changes import Change
from trail.clock import business_date
from trail.operations import part

Purpose, GivenBy = Consent.Purpose, Consent.GivenBy
OF_A_PERSON = (Purpose.GUARDIAN, Purpose.FILE, Purpose.PHOTO)


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as it was given."""

    purpose: Consent.Purpose
    channel: Channel
    given_by: Consent.GivenBy
    on: date
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """The file as it is now, and what changed on it."""

    subject: Subject
    changes: list[Change]
    fresh: bool = True


@part
def give(*, subject: Subject, given: Given, at: datetime) -> Followed:
    """Record a consent and let the file follow it; one that stands already is given once.

    A guardian's puts the child on the list. Raises ConsentNotFitting, DateCannotBe.
    """
    [mine] = locked(subject)
    if mine.state == Subject.State.CLOSED:
        raise FileIsClosed(_("这一户已经销户，不再登记同意。"))
    when = checked(when=When(given.on), at=at)
    member = known_of(mine, given.member) if given.member else None
    _refuse_unfit(given, member, on=business_date(at))
    if _standing(mine, given.purpose, member):
        return Followed(mine, [], fresh=False)
    Consent.objects.create(
        village_id=mine.village_id,
        subject=mine,
        member=member,
        purpose=given.purpose,
        channel=given.channel,
        given_by=given.given_by,
        given_on=given.on,
        recorded_at=at,
    )
    tell(subject=mine, told=Told(FileChange.Kind.CONSENT, when, member=member), at=at)
    return Followed(mine, _follow(mine, given.purpose, member, agreed=True, on=business_date(at)))


@part
def take_back(*, subject: Subject, consent: Consent, on: date, at: datetime) -> Followed:
    """End a consent, and let the file follow; twice is once. Raises DateCannotBe."""
    [mine] = locked(subject)
    when = checked(when=When(on), at=at)
    rows = Consent.objects.filter(village_id=mine.village_id, subject=mine, pk=consent.pk)
    row = rows.select_for_update(of=("self",), no_key=True).select_related("member").get()
    if row.withdrawn_on is not None:
        return Followed(mine, [], fresh=False)
    if on < row.given_on:
        raise DateCannotBe(_("撤回的日期比同意的日期还早，请核对。"))
    row.withdrawn_on, row.withdrawn_at = on, at
    row.save(update_fields=["withdrawn_on", "withdrawn_at"])
    tell(subject=mine, told=Told(FileChange.Kind.CONSENT, when, member=row.member), at=at)
    purpose = Purpose(row.purpose)
    return Followed(mine, _follow(mine, purpose, row.member, agreed=False, on=business_date(at)))


@part
def empty(*, subject: Subject, member: Member, at: datetime) -> Followed:
    """Erase all that is kept of a person; the household key and its points stay. Twice is once."""
    [mine] = locked(subject)
    known = known_of(mine, member)
    if known.state == Member.State.ERASED:
        return Followed(mine, [], fresh=False)
    nobody, today = Facts("", ""), business_date(at)
    was_head = known.relation in HEADS or known.name == mine.name
    changes = changes_between(facts_of(known), nobody)
    changes.append(Change("households.member.state", known.state, Member.State.ERASED))
    write(known, **columns_of(nobody), state=Member.State.ERASED)
    Relation.objects.filter(village_id=mine.village_id, member=known).delete()
    Relation.objects.filter(village_id=mine.village_id, other=known).delete()
    standing = Consent.objects.filter(village_id=mine.village_id, member=known)
    standing.filter(withdrawn_on__isnull=True).update(withdrawn_on=today, withdrawn_at=at)
    if was_head:
        mine.name, mine.publish_choice = "", Subject.PublishChoice.CODE_ONLY
        mine.save(update_fields=["name", "publish_choice"])
    if mine.state == Subject.State.CLOSED:
        keep_found(village_id=mine.village_id, subject_ids=[mine.pk])
    else:
        settle(mine)
    tell(subject=mine, told=Told(FileChange.Kind.ERASED, When(today), member=known), at=at)
    return Followed(mine, changes)


def _refuse_unfit(given: Given, member: Member | None, *, on: date) -> None:
    if given.purpose not in OF_A_PERSON and member is not None:
        raise ConsentNotFitting(_("公示是整户的事，由户主同意。"))
    if given.purpose == Purpose.GUARDIAN and (member is None or given.given_by != GivenBy.GUARDIAN):
        raise ConsentNotFitting(_("未满14周岁的孩子，由监护人同意。"))
    young = member is not None and member.birth_on and is_under_14(member.birth_on, on=on)
    if member is not None and bool(young) != (given.purpose == Purpose.GUARDIAN):
        raise ConsentNotFitting(
            _("未满14周岁的孩子，由监护人同意。") if young else _("已满14周岁，由本人同意。")
        )


def _standing(subject: Subject, purpose: Consent.Purpose, member: Member | None) -> bool:
    rows = Consent.objects.filter(village_id=subject.village_id, purpose=purpose, member=member)
    if member is None:
        rows = rows.filter(subject=subject)
    return rows.filter(withdrawn_on__isnull=True).exists()


def _follow(
    subject: Subject, purpose: Consent.Purpose, member: Member | None, *, agreed: bool, on: date
) -> list[Change]:
    """What is shown of the household, and whether the person is on the list."""
    if purpose == Purpose.PUBLISH_MASKED:
        choices = Subject.PublishChoice
        wanted = choices.MASKED if agreed else choices.CODE_ONLY
        change = Change("households.subject.publish_choice", subject.publish_choice, wanted)
        subject.publish_choice = wanted
        subject.save(update_fields=["publish_choice"])
        return [change] if change.before != change.after else []
    if member is None or member.state in Member.GONE:
        return []
    young = member.birth_on is not None and is_under_14(member.birth_on, on=on)
    if not agreed and not young:
        return []
    state = Member.State.ACTIVE if agreed else Member.State.AWAITING_CONSENT
    if purpose == Purpose.PHOTO or state == member.state:
        return []
    change = Change("households.member.state", member.state, state)
    write(member, state=state)
    settle(subject)
    return [change]
