"""A round of collection: which forms, from when to when; opened and closed by the township."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import CollectionForm, CollectionRound, RoundForm
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Township

LONGEST_TITLE = 60


class RoundNeedsATitle(DomainError):
    """A round without a name, or with too long a one."""

    code = "round_needs_a_title"


class RoundTitleTaken(DomainError):
    """The township has a round of this name."""

    code = "round_title_taken"


class RoundEndsBeforeItBegins(DomainError):
    """Its last day is before its first, or before today when it is opened."""

    code = "round_ends_before_it_begins"


class RoundHasNoForms(DomainError):
    """Nothing would be asked."""

    code = "round_has_no_forms"


class FormsDoNotFit(DomainError):
    """A form of another township, one that is not in use, or two for the same purpose and kind."""

    code = "forms_do_not_fit"


class RoundIsNoDraft(DomainError):
    """It is open or closed; only its last day can be moved while it is open."""

    code = "round_is_no_draft"


class RoundIsNotOpen(DomainError):
    """Only an open round is collected in and closed."""

    code = "round_is_not_open"


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round is called, when it runs and what it asks."""

    title: str
    opens_on: date
    closes_on: date
    forms: Sequence[CollectionForm]


@transaction.atomic
def draft_round(*, township: Township, plan: RoundPlan, by: Actor, at: datetime) -> CollectionRound:
    """Prepare a round; nobody collects before it is opened."""
    _lock_township(township.pk)
    drafted = CollectionRound(township=township, created_at=at)
    _write(drafted, plan)
    _record(drafted, "round.drafted", by=by, at=at)
    return drafted


@transaction.atomic
def change_round(
    *, round_: CollectionRound, plan: RoundPlan, by: Actor, at: datetime
) -> CollectionRound:
    """Change a round that is not open yet."""
    _lock_township(round_.township_id)
    locked = locked_round(round_)
    if locked.state != CollectionRound.State.DRAFT:
        raise RoundIsNoDraft(_("这个轮次已经开始，不能再改表和开始日期，只能改截止日期。"))
    _write(locked, plan)
    _record(locked, "round.changed", by=by, at=at)
    return locked


@transaction.atomic
def move_last_day(
    *, round_: CollectionRound, closes_on: date, by: Actor, at: datetime
) -> CollectionRound:
    """Give an open round more time, or less."""
    locked = _open(round_)
    _check_days(locked.opens_on, closes_on)
    locked.closes_on = closes_on
    locked.save(update_fields=["closes_on"])
    _record(locked, "round.changed", by=by, at=at)
    return locked


@transaction.atomic
def open_round(*, round_: CollectionRound, by: Actor, at: datetime) -> CollectionRound:
    """From now on it is collected; raises FormsDoNotFit when a form was retired meanwhile."""
    locked = locked_round(round_)
    if locked.state != CollectionRound.State.DRAFT:
        raise RoundIsNoDraft(_("这个轮次已经开始过了。"))
    _check_forms(locked.township_id, list(locked.forms.all()))
    if locked.closes_on < business_date(at):
        raise RoundEndsBeforeItBegins(_("截止日期已经过了，请先改截止日期。"))
    locked.state = CollectionRound.State.OPEN
    locked.save(update_fields=["state"])
    _record(locked, "round.opened", by=by, at=at)
    return locked


@transaction.atomic
def close_round(*, round_: CollectionRound, by: Actor, at: datetime) -> CollectionRound:
    """Nothing more is assigned or begun in it; what was collected stays."""
    locked = _open(round_)
    locked.state = CollectionRound.State.CLOSED
    locked.save(update_fields=["state"])
    _record(locked, "round.closed", by=by, at=at)
    return locked


def locked_round(round_: CollectionRound) -> CollectionRound:
    """The round as it stands, until the transaction ends nobody else's to change."""
    return CollectionRound.objects.select_for_update(no_key=True).get(pk=round_.pk)


def _open(round_: CollectionRound) -> CollectionRound:
    locked = locked_round(round_)
    if locked.state != CollectionRound.State.OPEN:
        raise RoundIsNotOpen(_("这个轮次没有在进行。"))
    return locked


def _lock_township(township_id: int) -> None:
    Township.objects.select_for_update(no_key=True).get(pk=township_id)


def _write(round_: CollectionRound, plan: RoundPlan) -> None:
    title = plan.title.replace("\x00", "").strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise RoundNeedsATitle(_("请填轮次的名称，不超过60个字。"))
    same = CollectionRound.objects.filter(township_id=round_.township_id, title=title)
    if same.exclude(pk=round_.pk).exists():
        raise RoundTitleTaken(_("已经有叫这个名称的轮次，请换一个名称。"))
    _check_days(plan.opens_on, plan.closes_on)
    _check_forms(round_.township_id, plan.forms)
    round_.title, round_.opens_on, round_.closes_on = title, plan.opens_on, plan.closes_on
    round_.save()
    RoundForm.objects.filter(round=round_).delete()
    RoundForm.objects.bulk_create([RoundForm(round=round_, form=form) for form in plan.forms])


def _check_days(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise RoundEndsBeforeItBegins(_("截止日期不能比开始日期早。"))


def _check_forms(township_id: int, forms: Sequence[CollectionForm]) -> None:
    if not forms:
        raise RoundHasNoForms(_("请至少选一张采集表。"))
    for form in forms:
        if form.township_id != township_id or form.state != CollectionForm.State.IN_USE:
            raise FormsDoNotFit(
                _("%(title)s没有在用，请先启用，或者换一张表。") % {"title": form.title}
            )
    kinds = [(form.purpose, form.subject_kind) for form in forms]
    twice = next(
        (form for form in forms if kinds.count((form.purpose, form.subject_kind)) > 1), None
    )
    if twice is not None:
        raise FormsDoNotFit(
            _("%(kind)s的%(purpose)s只能用一张表，请去掉多选的。")
            % {"kind": twice.get_subject_kind_display(), "purpose": twice.get_purpose_display()}
        )


def _record(round_: CollectionRound, what: str, *, by: Actor, at: datetime) -> None:
    forms = RoundForm.objects.filter(round=round_).order_by("form_id")
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.collectionround:{round_.pk}",
        detail={
            "opens_on": round_.opens_on.isoformat(),
            "closes_on": round_.closes_on.isoformat(),
            "forms": list(forms.values_list("form_id", flat=True)),
        },
    )
