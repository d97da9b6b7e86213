"""What was collected: the current answers of a file, what waits, what became of a record."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.roles import Action, actions_of
from files.queries import attachments_in
from households.engine.merging import Merge, merge
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    Member,
    Subject,
    Visit,
)
from trail.scope import Scope
from villages import queries as village_queries
from villages.models import Village

_NEEDED = (
    "subject__unit", "subject__village", "form", "round", "collector", "base", "merged",
)  # fmt: skip


def file_for(scope: Scope, action: str, *, number: int) -> Subject | None:
    """An open file with its village; None outside the scope as for none at all."""
    found = Subject.objects.within(scope, action).exclude(state=Subject.State.CLOSED)
    return found.select_related("village", "unit").filter(pk=number).first()


def first_of(scope: Scope, actions: Sequence[Action], village_id: int | None = None) -> Action:
    """The first of the actions that is allowed there, or anywhere."""
    for action in actions:
        ids = scope.village_ids(action)
        if village_id in ids or (village_id is None and ids):
            return action
    return actions[0]


def any_village(scope: Scope, actions: Sequence[Action]) -> Village:
    """A village in which one of the actions is allowed."""
    return Village.objects.filter(pk__in=_reached(scope, actions)).order_by("pk")[0]


def village_of_photo(
    scope: Scope, actions: Sequence[Action], *, person_id: int, sha256: str
) -> int | None:
    """The village of the person's record or visit that names the photo, or the only one."""
    reached = _reached(scope, actions)
    naming = {"village_id__in": reached, "attachments__contains": [sha256]}
    for named in (
        CollectionRecord.objects.filter(collector_id=person_id, **naming),
        Visit.objects.filter(person_id=person_id, **naming),
    ):
        village_id: int | None = named.order_by("-id").values_list("village_id", flat=True).first()
        if village_id is not None:
            return village_id
    return next(iter(reached)) if len(reached) == 1 else None


def _reached(scope: Scope, actions: Sequence[Action]) -> set[int]:
    return {village_id for action in actions for village_id in scope.village_ids(action)}


def records_within(scope: Scope, action: str) -> QuerySet[CollectionRecord]:
    """The records of the villages in which `scope` allows `action`, the newest first."""
    found = CollectionRecord.objects.within(scope, action).select_related(*_NEEDED)
    return found.order_by("-id")


def own_records(scope: Scope, *, person_id: int, uuids: Collection[UUID]) -> list[CollectionRecord]:
    """The newest revision of each of these records the person collected."""
    reached = _reached(scope, (Action.COLLECT, Action.CHECK_COLLECTION))
    mine = CollectionRecord.objects.filter(village_id__in=reached, collector_id=person_id)
    found = mine.filter(uuid__in=uuids).select_related(*_NEEDED)
    newest: dict[UUID, CollectionRecord] = {}
    for one in found.order_by("revision", "id"):
        newest[one.uuid] = one
    return list(newest.values())


def record_of(*, village_id: int, uuid: UUID, revision: int) -> CollectionRecord | None:
    """One revision of a record."""
    mine = CollectionRecord.objects.filter(village_id=village_id, uuid=uuid, revision=revision)
    return mine.select_related(*_NEEDED).first()


def is_of_another(*, subject: Subject, form: CollectionForm, uuid: UUID) -> bool:
    """Whether the number already stands for another file or form of the village."""
    named = CollectionRecord.objects.filter(village_id=subject.village_id, uuid=uuid)
    return named.exclude(subject=subject, form_code=form.code).exists()


def current_of(*, subject: Subject, form_code: str) -> CollectionRecord | None:
    """What the file says to this form now."""
    mine = CollectionRecord.objects.filter(
        village_id=subject.village_id, subject=subject, form_code=form_code, is_current=True
    )
    return mine.select_related(*_NEEDED).first()


def newest_standing(*, subject: Subject, form_code: str) -> CollectionRecord | None:
    """The newest whole record that could be the file's content."""
    mine = CollectionRecord.objects.filter(
        village_id=subject.village_id,
        subject=subject,
        form_code=form_code,
        is_check=False,
        state=CollectionRecord.State.RECEIVED,
        outcome=CollectionRecord.Outcome.FILLED,
    )
    return mine.order_by("-received_at", "-id").first()


def later_revision(record: CollectionRecord) -> QuerySet[CollectionRecord]:
    """The revisions after this one."""
    mine = CollectionRecord.objects.filter(village_id=record.village_id, uuid=record.uuid)
    return mine.filter(revision__gt=record.revision)


def without_later_revision(found: QuerySet[CollectionRecord]) -> QuerySet[CollectionRecord]:
    """Only the last revision of each record."""
    later = CollectionRecord.objects.filter(
        village_id=OuterRef("village_id"),
        uuid=OuterRef("uuid"),
        revision__gt=OuterRef("revision"),
    )
    return found.filter(~Exists(later))


def joined_with(record: CollectionRecord) -> CollectionRecord | None:
    """The record in which this one was put together with another."""
    mine = CollectionRecord.objects.filter(village_id=record.village_id, merged=record)
    return mine.select_related(*_NEEDED).order_by("-id").first()


def waiting_for(*, village_id: int, sha256: str) -> list[CollectionRecord]:
    """Records that miss photos and name this one."""
    waiting = CollectionRecord.objects.filter(
        village_id=village_id, state=CollectionRecord.State.PARTIAL, attachments__contains=[sha256]
    )
    return list(waiting.select_related(*_NEEDED).order_by("subject_id", "id"))


def missing_photos(record: CollectionRecord | Visit) -> list[str]:
    """The SHA-256 of the photos that are not stored, in their order."""
    if not record.attachments:
        return []
    there = attachments_in(village_id=record.village_id, shas=record.attachments)
    return [sha for sha in record.attachments if sha not in there or there[sha].state != "stored"]


def merging_of(record: CollectionRecord, theirs: CollectionRecord) -> Merge:
    """What the record and the current one say together."""
    return merge(ancestor_answers(record, theirs), theirs.answers, record.answers)


def ancestor_answers(record: CollectionRecord, theirs: CollectionRecord) -> dict[str, object]:
    """The answers that both were filled on top of, as far as the record's sender knew."""
    if theirs.merged is not None and theirs.merged.uuid == record.uuid:
        return dict(theirs.merged.answers)
    return dict(record.base.answers) if record.base is not None else {}


def assignments_of(*, subject: Subject, person_id: int) -> QuerySet[Assignment]:
    """The tasks of a person for this file."""
    mine = Assignment.objects.filter(village_id=subject.village_id, subject=subject)
    return mine.filter(collector_id=person_id)


def is_posted(*, person_id: int, village_id: int, action: Action, on: date) -> bool:
    """Whether a posting of the person allows the action in the village on this day."""
    held = village_queries.postings_held(person_id=person_id, on=on)
    return any(village_id in one.village_ids and action in actions_of(one.role) for one in held)


def form_for(*, subject: Subject, form_id: int) -> CollectionForm | None:
    """A form that was in use in the file's township, for files of its kind."""
    forms = CollectionForm.objects.filter(
        pk=form_id, township_id=subject.village.township_id, subject_kind=subject.kind
    )
    return forms.exclude(state=CollectionForm.State.DRAFT).first()


def round_for(*, form: CollectionForm, round_id: int) -> CollectionRound | None:
    """A round that was opened and in which the form is filled."""
    rounds = CollectionRound.objects.filter(
        pk=round_id, township_id=form.township_id, forms__code=form.code
    )
    return rounds.exclude(state=CollectionRound.State.DRAFT).first()


def member_ids(subject: Subject) -> set[int]:
    """Who may be named in an answer: the members on the household's list."""
    mine = Member.objects.filter(
        village_id=subject.village_id, subject=subject, state=Member.State.ACTIVE
    )
    return set(mine.values_list("pk", flat=True))


def form_codes_due(*, round_: CollectionRound | None, subject: Subject) -> set[str]:
    """The forms of the round that a file of this kind is asked."""
    asked = CollectionForm.objects.filter(collectionround=round_, subject_kind=subject.kind)
    return set(asked.values_list("code", flat=True))


def outcomes_in(
    *, round_: CollectionRound, subject: Subject, is_check: bool
) -> list[CollectionRecord]:
    """The last revisions that arrived for a file in a round, the oldest first."""
    mine = CollectionRecord.objects.filter(
        village_id=subject.village_id, subject=subject, round=round_, is_check=is_check
    ).exclude(state=CollectionRecord.State.RECALLED)
    return list(without_later_revision(mine).order_by("id"))


def clash_labels(form: CollectionForm) -> dict[str, str]:
    """What each question of a form is called, read leniently: old forms stay readable."""
    return dict(_labels(form.content.get("sections", [])))


def _labels(sections: Iterable[dict[str, object]]) -> Iterable[tuple[str, str]]:
    for section in sections:
        questions = section.get("questions", [])
        for question in questions if isinstance(questions, list) else []:
            yield str(question["code"]), str(question["label"])


def latest_of(scope: Scope, action: str, q: Q) -> QuerySet[CollectionRecord]:
    """The last revisions within the scope that fit."""
    return without_later_revision(records_within(scope, action)).filter(q)
