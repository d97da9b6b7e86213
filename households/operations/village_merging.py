"""A village's files go on in another village: new files there, the old ones closed.

A file belongs to one village with its entries, seals and notices, so it cannot itself change the
village: what it was stays to be checked, and the people go on in a new file.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from households.models import Consent, FileChange, Member, Subject
from households.operations.files.keeping import When, checked
from households.operations.searching import keep_found
from trail.operations import part
from villages.models import Unit, Village
from villages.operations import ensure_units

BATCH = 1_000
Pair = tuple[Subject, Subject]


@part
def carry_over(*, source: Village, into: Village, when: When, at: datetime) -> list[Pair]:
    """Open a file in the other village for each open one; answers old and new, by old id.

    Groups are called after the old village, so that no number meets another.
    """
    when = checked(when=when, at=at)
    old = _open_files(source)
    groups = _groups(old, source, into)
    pairs = [(one, _new(one, source, into, groups, at)) for one in old]
    Subject.objects.bulk_create([new for _old, new in pairs], batch_size=BATCH)
    people = _people(pairs, into)
    _consents(pairs, people, into)
    for one in old:
        one.state = Subject.State.CLOSED
        one.card_issued_at, one.pin_hash = None, ""
    Subject.objects.bulk_update(old, ["state", "card_issued_at", "pin_hash"], batch_size=BATCH)
    _histories(pairs, when, at)
    keep_found(village_id=source.pk, subject_ids=[one.pk for one in old])
    keep_found(village_id=into.pk, subject_ids=[new.pk for _old, new in pairs])
    return pairs


def _open_files(source: Village) -> list[Subject]:
    mine = Subject.objects.filter(village=source).exclude(state=Subject.State.CLOSED)
    return list(mine.select_related("unit").select_for_update(of=("self",)).order_by("pk"))


def _groups(old: list[Subject], source: Village, into: Village) -> dict[str, Unit]:
    names = {f"{source.name}{one.unit.name}" for one in old if one.unit is not None}
    return ensure_units(village=into, names=sorted(names))


def _new(
    one: Subject, source: Village, into: Village, groups: dict[str, Unit], at: datetime
) -> Subject:
    unit = groups[f"{source.name}{one.unit.name}"] if one.unit is not None else None
    number = one.number if unit else f"{source.name}{one.number}"[:20]
    return Subject(
        village=into,
        unit=unit,
        kind=one.kind,
        number=number,
        name=one.name,
        state=one.state,
        publish_choice=one.publish_choice,
        created_at=at,
    )


def _people(pairs: list[Pair], into: Village) -> dict[int, Member]:
    """Everybody on the old lists goes on the new one; by their number on the old."""
    homes = {old.pk: new for old, new in pairs}
    living = Member.objects.filter(subject_id__in=homes).exclude(state__in=Member.GONE)
    rows = list(living.order_by("pk"))
    fresh = {row.pk: _copied(row, homes[row.subject_id], into) for row in rows}
    Member.objects.bulk_create(list(fresh.values()), batch_size=BATCH)
    living.update(state=Member.State.LEFT)
    return fresh


def _copied(row: Member, home: Subject, into: Village) -> Member:
    own = {"id", "village", "subject"}
    kept = {one.name: getattr(row, one.name) for one in row._meta.concrete_fields}
    facts = {name: value for name, value in kept.items() if name not in own}
    return Member(village=into, subject=home, **facts)


def _consents(pairs: list[Pair], people: dict[int, Member], into: Village) -> None:
    homes = {old.pk: new for old, new in pairs}
    standing = Consent.objects.filter(subject_id__in=homes, withdrawn_on__isnull=True)
    Consent.objects.bulk_create(
        [
            Consent(
                village=into,
                subject=homes[row.subject_id],
                member=people[row.member_id] if row.member_id else None,
                purpose=row.purpose,
                channel=row.channel,
                given_by=row.given_by,
                given_on=row.given_on,
                recorded_at=row.recorded_at,
            )
            for row in standing
            if row.member_id is None or row.member_id in people
        ],
        batch_size=BATCH,
    )


def _histories(pairs: list[Pair], when: When, at: datetime) -> None:
    told = _("村合并。%(note)s")
    rows = []
    for pair in pairs:
        for one, kind in zip(pair, (FileChange.Kind.CLOSED, FileChange.Kind.OPENED), strict=True):
            rows.append(
                FileChange(
                    village_id=one.village_id,
                    subject=one,
                    kind=kind,
                    happened_on=when.on,
                    note=(told % {"note": when.note})[:200],
                    recorded_at=at,
                )
            )
    FileChange.objects.bulk_create(rows, batch_size=BATCH)
