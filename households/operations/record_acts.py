"""What people do with records: take one back, open it, return it, choose between two."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.engine.merging import chosen
from households.models import CollectionRecord, Subject
from households.operations.record_standing import fall_back, join, keep, received, settle_task, tell
from households.queries import collecting
from trail.actor import Actor
from trail.errors import DomainError

State = CollectionRecord.State
LONGEST_REASON = 200


class RecordWasOpened(DomainError):
    """A clerk has looked at it: it can only be filled in again."""

    code = "record_was_opened"


class NothingToTakeBack(DomainError):
    """The record was taken back before, or replaced."""

    code = "nothing_to_take_back"


class NoReasonGiven(DomainError):
    """Whoever has to do it again, or reads it later, is told why."""

    code = "no_reason_given"


class NotToReturn(DomainError):
    """Only what has arrived, and was neither taken back nor returned, is returned."""

    code = "not_to_return"


class NotInConflict(DomainError):
    """There is nothing to choose any more."""

    code = "not_in_conflict"


class NotAllChosen(DomainError):
    """Each question with two answers needs a choice."""

    code = "not_all_chosen"


@transaction.atomic
def recall(*, of: CollectionRecord, by: Actor, at: datetime) -> CollectionRecord:
    """Take back what was sent by mistake; twice is once.

    The caller has seen to it that it is the sender's own. Raises RecordWasOpened or
    NothingToTakeBack.
    """
    taken = _held(of)
    if taken.state == State.RECALLED:
        return taken
    joined = collecting.joined_with(taken)
    if taken.opened_at is not None or (joined is not None and joined.opened_at is not None):
        raise RecordWasOpened(_("村里已经打开看过，不能撤回了。要改请重新填一次再发送"))
    if collecting.later_revision(taken).exists():
        raise NothingToTakeBack(_("这份后来又改过一次，请撤回后面那份"))
    for one in (joined, taken):
        if one is not None:
            _leave(one, State.RECALLED, "")
    settle_task(record=taken, at=at)
    tell(about=taken, what="collection.record_recalled", by=by, at=at)
    return taken


@transaction.atomic
def open_record(*, of: CollectionRecord, by: Actor, at: datetime) -> CollectionRecord:
    """A clerk looks at it for the first time; from now on it is not taken back."""
    taken = _held(of)
    if taken.opened_at is None and taken.state != State.RECALLED:
        taken.opened_at = at
        keep(taken)
        tell(about=taken, what="collection.record_opened", by=by, at=at)
    return taken


@transaction.atomic
def give_back(*, of: CollectionRecord, reason: str, by: Actor, at: datetime) -> CollectionRecord:
    """Return the record to its collector with the reason; what stood before it stands again.

    Raises NoReasonGiven or NotToReturn.
    """
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise NoReasonGiven(_("请写明要改什么，采集员会看到"))
    taken = _held(of)
    if taken.state in (State.RECALLED, State.RETURNED):
        raise NotToReturn(_("这份已经撤回或退回过了"))
    if collecting.later_revision(taken).exists():
        raise NotToReturn(_("采集员后来又发过一次，请退回后面那份"))
    _leave(taken, State.RETURNED, why)
    settle_task(record=taken, at=at)
    tell(about=taken, what="collection.record_returned", by=by, at=at)
    return taken


@transaction.atomic
def choose(
    *, of: CollectionRecord, choices: Mapping[str, str], reason: str, by: Actor, at: datetime
) -> CollectionRecord:
    """Settle a conflict question by question (`mine` is the record's, `theirs` the file's).

    Both stay as they were said; the choice is a third record, with its reason. Raises
    NotInConflict, NotAllChosen or NoReasonGiven.
    """
    taken = _held(of)
    theirs = collecting.current_of(subject=taken.subject, form_code=taken.form_code)
    if taken.state != State.CONFLICT or theirs is None:
        raise NotInConflict(_("这份已经没有冲突了，请刷新看看"))
    together = collecting.merging_of(taken, theirs)
    try:
        answers = chosen(together, choices)
    except KeyError as error:
        raise NotAllChosen(_("每一项都要选一个答案，一项也不能空着")) from error
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise NoReasonGiven(_("请写一句为什么这样选，以后查得到"))
    received(record=taken, at=at)
    keep(taken)
    made = join(
        record=taken, current=theirs, answers=answers, at=at, user_id=by.user_id, reason=why
    )
    settle_task(record=taken, at=at)
    tell(about=taken, what="collection.conflict_settled", by=by, at=at, chosen=sorted(choices))
    return made


def _held(of: CollectionRecord) -> CollectionRecord:
    """The record anew, with its file held: of two acts one comes after the other."""
    Subject.objects.select_for_update().get(village_id=of.village_id, pk=of.subject_id)
    found = collecting.record_of(village_id=of.village_id, uuid=of.uuid, revision=of.revision)
    if found is None:
        raise CollectionRecord.DoesNotExist
    return found


def _leave(taken: CollectionRecord, state: str, reason: str) -> None:
    """Out of the file, if it was its content."""
    was_current = taken.is_current
    taken.state, taken.state_reason, taken.is_current = state, reason, False
    keep(taken)
    if was_current:
        fall_back(taken)
