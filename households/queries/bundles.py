"""Everything a collector's phone needs to work without a network, in a fixed number of queries."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.roles import Action
from households.masks import PHONE_MASK
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    CollectorPhone,
    Member,
    Subject,
    VisitDuty,
)
from households.queries import visiting
from trail.scope import Scope
from trail.showing import masked
from villages.models import Village

Row = dict[str, Any]
# The practice household; no row has this number.
PRACTICE_ID = 0


def open_rounds(village_ids: Collection[int]) -> list[CollectionRound]:
    """The rounds in which the townships of these villages collect now."""
    townships = Village.objects.filter(pk__in=village_ids).values("township_id")
    open_now = CollectionRound.objects.filter(
        township_id__in=townships, state=CollectionRound.State.OPEN
    )
    return list(open_now.prefetch_related("forms").order_by("closes_on", "id"))


def forms_in_use(village_ids: Collection[int]) -> list[CollectionForm]:
    """The forms in use in the townships of these villages."""
    townships = Village.objects.filter(pk__in=village_ids).values("township_id")
    return list(
        CollectionForm.objects.filter(
            township_id__in=townships, state=CollectionForm.State.IN_USE
        ).order_by("subject_kind", "code")
    )


def round_row(round_: CollectionRound) -> Row:
    """A round as the phone keeps it."""
    return {
        "id": round_.pk,
        "title": round_.title,
        "closes_on": round_.closes_on.isoformat(),
        "forms": sorted(form.pk for form in round_.forms.all()),
    }


def form_row(form: CollectionForm) -> Row:
    """A form as the phone keeps it."""
    return {
        "id": form.pk,
        "code": form.code,
        "version": form.version,
        "title": form.title,
        "purpose": form.purpose,
        "subject_kind": form.subject_kind,
        "content": form.content,
    }


def household_rows(
    scope: Scope,
    *,
    person_id: int,
    device: UUID,
    rounds: Collection[CollectionRound],
    on: date,
) -> list[Row]:
    """The files this person collects or visits, each with what the phone `device` shows of it."""
    tasks = _tasks(scope, person_id, rounds)
    duties = _duties(scope, person_id, on)
    wanted = {*tasks, *duties}
    villages = scope.village_ids(Action.COLLECT) | scope.village_ids(Action.VISIT)
    files = Subject.objects.filter(village_id__in=villages, pk__in=wanted)
    files = files.exclude(state=Subject.State.CLOSED).select_related("village", "unit")
    members = _members(villages, wanted)
    begun = _begun(villages, person_id, device)
    current = _current(villages, [pk for pk, task in tasks.items() if not _is_check(task)])
    return [
        {
            "id": one.pk,
            "village": {"id": one.village_id, "name": one.village.name},
            "unit": one.unit.name if one.unit else "",
            "number": one.number,
            "name": one.name,
            "kind": one.kind,
            "members": [_member_row(member, on) for member in members[one.pk]],
            "assignment": _task_row(tasks[one.pk]) if one.pk in tasks else None,
            "duties": [_duty_row(duty, on) for duty in duties.get(one.pk, [])],
            "current": current[one.pk],
            "begun": begun.get(one.pk) if one.pk in tasks else None,
        }
        for one in files.order_by("village_id", "unit_id", "number", "id")
    ]


def practice_household(kind: str = Subject.Kind.HOUSEHOLD) -> Row:
    """A household that is none: no row has its number, so nothing can be written about it."""
    return {
        "id": PRACTICE_ID,
        "village": {"id": PRACTICE_ID, "name": _("练习村")},
        "unit": _("练习组"),
        "number": "000",
        "name": _("练习户"),
        "kind": str(kind),
        "members": [],
        "assignment": None,
        "duties": [],
        "current": {},
        "begun": None,
    }


def _tasks(
    scope: Scope, person_id: int, rounds: Collection[CollectionRound]
) -> dict[int, Assignment]:
    """The most pressing task for each file: not done, then of the round that closes first."""
    mine = Assignment.objects.within(scope, Action.COLLECT).filter(
        collector_id=person_id, round__in=rounds
    )
    found: dict[int, Assignment] = {}
    order = sorted(
        mine.select_related("round"),
        key=lambda task: (task.state == "done", task.round.closes_on, task.purpose, task.pk),
    )
    for task in order:
        found.setdefault(task.subject_id, task)
    return found


def _begun(villages: Collection[int], person_id: int, device: UUID) -> dict[int, Row]:
    """Which files are begun on another phone and have not arrived, by whom and when last."""
    townships = Village.objects.filter(pk__in=villages).values("township_id")
    phones = CollectorPhone.objects.filter(township_id__in=townships).exclude(
        person_id=person_id, device=device
    )
    drafts = [
        (phone.person.name, draft)
        for phone in phones.select_related("person").order_by("seen_at")
        for draft in phone.drafts
    ]
    arrived = CollectionRecord.objects.filter(
        village_id__in=villages, uuid__in=[draft["uuid"] for _name, draft in drafts]
    )
    there = {str(uuid) for uuid in arrived.values_list("uuid", flat=True)}
    return {
        draft["subject"]: {"by": name, "at": draft["changed_at"]}
        for name, draft in drafts
        if draft["uuid"] not in there
    }


def _is_check(task: Assignment) -> bool:
    """Who looks a second time is not told what was said the first time."""
    return task.purpose == Assignment.Purpose.CHECK


def _duties(scope: Scope, person_id: int, on: date) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for duty in visiting.duties_of_person(scope, Action.VISIT, person_id=person_id, on=on):
        found[duty.subject_id].append(duty)
    return dict(found)


def _members(villages: Collection[int], wanted: Collection[int]) -> Mapping[int, list[Member]]:
    """Those on the household's list; whoever waits for consent is on no phone."""
    found: dict[int, list[Member]] = defaultdict(list)
    mine: QuerySet[Member] = Member.objects.filter(
        village_id__in=villages, subject_id__in=wanted, state=Member.State.ACTIVE
    )
    for member in mine.order_by("subject_id", "id"):
        found[member.subject_id].append(member)
    return found


def _current(villages: Collection[int], wanted: Iterable[int]) -> Mapping[int, Row]:
    found: dict[int, Row] = defaultdict(dict)
    mine = CollectionRecord.objects.filter(
        village_id__in=villages, subject_id__in=list(wanted), is_current=True
    )
    for one in mine.select_related("collector"):
        found[one.subject_id][one.form_code] = {
            "uuid": str(one.uuid),
            "revision": one.revision,
            "answers": one.answers,
            "filled_at": one.filled_at.isoformat(),
            "collector": one.collector.name if one.collector else "",
        }
    return found


def _member_row(member: Member, on: date) -> Row:
    head, tail = PHONE_MASK
    return {
        "id": member.pk,
        "name": member.name,
        "relation": member.relation,
        "age": _age(member.birth_on, on),
        "away": member.away,
        "phone": masked(member.phone, head=head, tail=tail) if member.phone else "",
    }


def _age(born: date | None, on: date) -> int | None:
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _task_row(task: Assignment) -> Row:
    return {
        "id": task.pk,
        "round": task.round_id,
        "purpose": task.purpose,
        "state": task.state,
        "unreached_reason": task.unreached_reason,
    }


def _duty_row(duty: Any, on: date) -> Row:
    if duty.kind == VisitDuty.Kind.CONTACT:
        due_on = on.replace(day=monthrange(on.year, on.month)[1])
    else:
        due_on = duty.to_on
    return {"kind": duty.kind, "due_on": due_on.isoformat(), "done": duty.done}
