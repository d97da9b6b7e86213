"""Taking an import back for a day: every row is as it was, or is left alone and said to be."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import ImportBatch, Member, Subject, SubjectSearch
from households.operations.import_batches import at_step, home_of
from households.operations.import_images import Images, left_members, left_subjects
from households.operations.import_writing import BATCH, PLAIN, id_columns, phone_columns
from households.operations.importing import wait_for_other_imports
from households.operations.member_rows import delete_members, delete_subjects, update_members
from households.operations.searching import keep_found
from households.queries.references import spoken_of
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record


class TooLateToUndo(DomainError):
    """A day has gone by."""

    code = "too_late_to_undo"


class ChangedSince(DomainError):
    """Households of the import were changed since, or something rests on them already."""

    code = "changed_since_import"


@dataclass(frozen=True, slots=True)
class Kept:
    """A household that cannot be taken back, and why."""

    subject: Subject
    why: str


def kept_back(*, batch: ImportBatch) -> list[Kept]:
    """The households of an import that cannot be taken back as of now, by village and number."""
    return _kept(Images.read(batch.before))


@transaction.atomic
def undo(*, batch: ImportBatch, leaves_changed: bool, by: Actor, at: datetime) -> int:
    """Take the import back: what was new goes, what was changed is as before; how many people.

    A household that was changed since, or on which something rests, is left as it is: all of them
    when `leaves_changed`, else the whole import is refused. New groups stay; they hold nobody.
    Raises ChangedSince, TooLateToUndo or NotNow.
    """
    locked = at_step(batch, ImportBatch.State.DONE)
    if locked.undo_until is None or locked.undo_until <= at:
        raise TooLateToUndo(_("导入以后超过24小时，不能撤销了。要改的请在农户档案里一户一户改。"))
    wait_for_other_imports(township=locked.township)
    images = Images.read(locked.before)
    kept = _kept(images)
    if kept and not leaves_changed:
        raise ChangedSince(
            _(
                "有%(count)s户在导入以后又改过，或者已经有了记账，没有撤销。看过下面的名单，可以只撤销其余的。"
            )
            % {"count": len(kept)}
        )
    taken = _take_back(images, staying={one.subject.pk for one in kept})
    locked.state, locked.undone_at, locked.before = ImportBatch.State.UNDONE, at, ""
    locked.counts = locked.counts | {"undone": taken, "kept": len(kept)}
    locked.save(update_fields=["state", "undone_at", "before", "counts"])
    detail = {"people": taken, "households_kept": len(kept)}
    record(by=by, at=at, what="import.undone", detail=detail, **home_of(locked))
    return taken


def _kept(images: Images) -> list[Kept]:
    homes = _homes([*images.new_members, *images.members])
    reasons: dict[int, str] = {}
    resting = spoken_of(Member, images.new_members)
    for pk, what in resting.items():
        reasons.setdefault(homes[pk], _("已经有“%(what)s”") % {"what": what})
    for pk, what in spoken_of(Subject, images.new_subjects).items():
        reasons.setdefault(pk, _("已经有“%(what)s”") % {"what": what})
    changed = _("导入以后又改过")
    for pk in _differing(images.left_subjects, left_subjects(images.left_subjects)):
        reasons.setdefault(pk, changed)
    for pk in _differing(images.left_members, left_members(images.left_members)):
        reasons.setdefault(homes.get(pk, 0), changed)
    for pk in _joined(images):
        reasons.setdefault(pk, _("导入以后又添了人"))
    found = Subject.objects.filter(pk__in=reasons).select_related("village", "unit")
    return [Kept(subject, reasons[subject.pk]) for subject in found]


def _homes(member_ids: Iterable[int]) -> dict[int, int]:
    rows = Member.objects.filter(pk__in=list(member_ids)).order_by()
    return dict(rows.values_list("pk", "subject_id"))


def _joined(images: Images) -> list[int]:
    """New households in which somebody lives whom the import did not bring."""
    others = Member.objects.filter(subject_id__in=images.new_subjects)
    others = others.exclude(pk__in=images.new_members).order_by()
    return list(others.values_list("subject_id", flat=True).distinct())


def _differing(left: Mapping[int, str], now: Mapping[int, str]) -> list[int]:
    return [pk for pk, digest in left.items() if now.get(pk) != digest]


def _take_back(images: Images, *, staying: set[int]) -> int:
    homes = _homes([*images.new_members, *images.members])
    members = [pk for pk in images.new_members if homes.get(pk) not in staying]
    subjects = [pk for pk in images.new_subjects if pk not in staying]
    SubjectSearch.objects.filter(member_id__in=members).delete()
    SubjectSearch.objects.filter(subject_id__in=subjects).delete()
    delete_members(members)
    delete_subjects(subjects)
    touched = {homes[pk] for pk in (*members, *images.members)} | set(images.subjects)
    changed = {pk: old for pk, old in images.members.items() if homes.get(pk) not in staying}
    for pks in _pieces(list(changed)):
        _restore_members({pk: changed[pk] for pk in pks})
    _restore_subjects({pk: old for pk, old in images.subjects.items() if pk not in staying})
    _keep_found(touched - staying - set(subjects))
    return len(members) + len(changed)


def _keep_found(subject_ids: set[int]) -> None:
    by_village: dict[int, list[int]] = defaultdict(list)
    rows = Subject.objects.filter(pk__in=subject_ids).order_by()
    for pk, village_id in rows.values_list("pk", "village_id"):
        by_village[village_id].append(pk)
    for village_id, ids in by_village.items():
        keep_found(village_id=village_id, subject_ids=ids)


def _restore_members(changed: Mapping[int, Mapping[str, Any]]) -> None:
    plain, phones, numbers = [], [], []
    for pk, old in changed.items():
        facts = {name: old[name] for name in PLAIN}
        if facts["birth_on"]:
            facts["birth_on"] = date.fromisoformat(facts["birth_on"])
        plain.append({"id": pk} | facts)
        if "phone" in old:
            phones.append({"id": pk} | phone_columns(old["phone"]))
        if "id_number" in old:
            numbers.append({"id": pk} | id_columns(old["id_number"]))
    for rows in (plain, phones, numbers):
        update_members(rows)


def _restore_subjects(changed: Mapping[int, Mapping[str, Any]]) -> None:
    found = list(Subject.objects.filter(pk__in=changed))
    for subject in found:
        subject.name, subject.state = changed[subject.pk]["name"], changed[subject.pk]["state"]
    Subject.objects.bulk_update(found, ["name", "state"], batch_size=BATCH)


def _pieces(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
