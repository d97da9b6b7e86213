"""What a correction notice of a closed month states: the changed households, old and new.

Public per household are plus and gross, as on the month's own notice. A deduction that was wrong
changes the totals of its category and no household's line.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts import queries as approvals
from accounts.models import Proposal
from notices import queries as notices
from notices.models import Notice
from scoring.models import Correction, Entry, Month, NoticedHouseholds, Seal
from scoring.queries.month_steps import Standing
from scoring.queries.months import reference
from scoring.queries.notices import numeric, sealed_as


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry of a closed month and what it should have been; 0 when nothing at all."""

    entry: Entry
    right: int

    @property
    def difference(self) -> int:
        """What the correction adds, with its sign."""
        return self.right - self.entry.points

    @property
    def key(self) -> str:
        """The household as notices know it."""
        subject = self.entry.subject
        return f"{subject.unit.name if subject.unit else ''}/{subject.number}"


def entries_of(*, month: Month, ids: Iterable[int]) -> dict[int, Entry]:
    """Awards and deductions entered in the month that nothing has reversed yet."""
    found = correctable(month=month).filter(pk__in=list(ids))
    return {entry.pk: entry for entry in found}


def correctable(*, month: Month) -> QuerySet[Entry]:
    """What can be corrected in the month, the oldest first."""
    return (
        Entry.objects.filter(
            village_id=month.village_id,
            month=month.month,
            kind__in=[Entry.Kind.AWARD, Entry.Kind.DEDUCTION],
            reversals__isnull=True,
        )
        .select_related("subject__unit", "category", "item")
        .order_by("pk")
    )


def of_household(*, month: Month, typed: str) -> QuerySet[Entry]:
    """What can be corrected of the household with this number: 27, 027, 3组027, 3-027."""
    numbers = re.findall("[0-9]+", unicodedata.normalize("NFKC", typed))[-2:]
    if not numbers:
        return Entry.objects.none()
    found = correctable(month=month).filter(subject__number__regex=f"^0*{int(numbers[-1])}$")
    if len(numbers) == 1:
        return found
    return found.filter(subject__unit__name__regex=f"^0*{int(numbers[0])}[^0-9]*$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction that waits for its second person."""

    correction: Correction
    proposal: Proposal
    wrong: list[Wrong]


def asked_for(*, month: Month, at: datetime) -> Asked | None:
    """The correction of the month that waits, if one does."""
    proposal = approvals.live_proposal(
        kind=Proposal.Kind.CORRECTION,
        about=reference(month),
        village_id=month.village_id,
        at=at,
    )
    return asked_by(proposal) if proposal else None


def asked_by(proposal: Proposal) -> Asked:
    """What a proposal of this kind asks for: what of it still stands to be corrected."""
    correction = Correction.objects.select_related("month__village").get(proposal=proposal)
    month = correction.month
    right = dict(correction.changes)
    entries = entries_of(month=month, ids=right)
    wrong = [wrong_by(entry, right[pk]) for pk, entry in sorted(entries.items())]
    return Asked(correction=correction, proposal=proposal, wrong=wrong)


def wrong_by(entry: Entry, points: int | None) -> Wrong:
    """An entry beside the points it should have had, given without their sign."""
    return Wrong(entry=entry, right=(points or 0) if entry.points > 0 else -(points or 0))


def last_refused(*, month: Month) -> Proposal | None:
    """The newest correction of the month, if its second person has refused it."""
    return approvals.last_refusal(
        kind=Proposal.Kind.CORRECTION, about=reference(month), village_id=month.village_id
    )


def standing_of_correction(stands: Standing, *, at: datetime) -> Standing | None:
    """Where the newest correction notice of the month stands, in the place of the first notice."""
    notice = current_notice(month=stands.month)
    if notice is None or notice.corrects_id is None:
        return None
    kind, about = Proposal.Kind.PUBLICATION, f"notices.notice:{notice.pk}"
    village_id = stands.month.village_id
    return replace(
        stands,
        notice=notice,
        publication=approvals.live_proposal(kind=kind, about=about, village_id=village_id, at=at),
        publication_refused=approvals.last_refusal(kind=kind, about=about, village_id=village_id),
    )


def current_notice(*, month: Month) -> Notice | None:
    """The month's points notice, or the last of the corrections of it, in any state."""
    line = Notice.objects.filter(
        village_id=month.village_id, month=month.month, kind=Notice.Kind.POINTS
    )
    return line.filter(corrections__isnull=True).first()


def title_of_month(notice: Notice) -> str:
    """The title of the first notice in a line of corrections."""
    return title_of_month(notice.corrects) if notice.corrects else notice.title


def by_proposal(*, proposal_id: int) -> Correction | None:
    """The correction that a proposal asks for."""
    return Correction.objects.filter(proposal_id=proposal_id).first()


def notice_of(correction: Correction) -> Notice:
    """The notice that a carried out correction drafted."""
    return Notice.objects.get(village_id=correction.village_id, corrects_id=correction.corrects_id)


def corrected_content(*, corrects: Notice, wrong: Iterable[Wrong], seal: Seal) -> dict[str, object]:
    """What the correction notice seals: changed rows, and the month's totals put right."""
    base = notices.body_of(corrects).content
    shown = _as_shown(corrects)
    named = _sealed_names(corrects)
    added: Counter[str] = Counter()
    by_category: dict[str, Counter[str]] = {}
    for one in wrong:
        side = "plus" if one.entry.kind == Entry.Kind.AWARD else "minus"
        name = one.entry.category.name if one.entry.category else ""
        by_category.setdefault(name, Counter())[side] += one.difference
        if side == "plus":
            added[named.get(one.entry.subject_id, one.key)] += one.difference
    # Who is not on the notice (a file closed since) is not put on this one either.
    rows = [_row(shown[key], change) for key, change in added.items() if change and key in shown]
    categories = [_category(line, by_category) for line in base["categories"]]
    return {
        "format": 1,
        "kind": base["kind"],
        "correction": True,
        "corrects": corrects.number,
        "month": base["month"],
        "village": base["village"],
        "rules": base["rules"],
        "rows": sorted(rows, key=lambda row: (numeric(row["group"]), row["group"], row["number"])),
        "categories": categories,
        "totals": {
            "households": base["totals"]["households"],
            "plus": sum(line["plus"] for line in categories),
            "minus": sum(line["minus"] for line in categories),
            "gross": base["totals"]["gross"]
            + sum(row["plus"] - row["before"]["plus"] for row in rows),
        },
        "seal": sealed_as(seal),
    }


def _as_shown(notice: Notice) -> dict[str, Mapping[str, Any]]:
    """Each household's line as the newest notice of the line of corrections states it."""
    content = notices.body_of(notice).content
    earlier = _as_shown(notice.corrects) if notice.corrects else {}
    return {**earlier, **{f"{row['group']}/{row['number']}": row for row in content["rows"]}}


def _sealed_names(notice: Notice) -> dict[int, str]:
    """What the month's own notice called each household; it may be called otherwise since."""
    if notice.corrects:
        return _sealed_names(notice.corrects)
    kept = NoticedHouseholds.objects.filter(notice=notice).first()
    rows = notices.body_of(notice).content["rows"] if kept else []
    pairs = zip(kept.subject_ids if kept else [], rows, strict=True)
    return {subject: f"{row['group']}/{row['number']}" for subject, row in pairs if subject}


def _row(row: Mapping[str, Any], change: int) -> dict[str, Any]:
    return {
        "group": row["group"],
        "number": row["number"],
        "plus": row["plus"] + change,
        "gross": row["gross"] + change,
        "before": {"plus": row["plus"], "gross": row["gross"]},
    }


def _category(line: Mapping[str, Any], changes: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    change = changes.get(line["name"], {})
    return {
        "name": line["name"],
        "plus": line["plus"] + change.get("plus", 0),
        "minus": line["minus"] + change.get("minus", 0),
    }
