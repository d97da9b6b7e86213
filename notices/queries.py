"""Reading notices. The public ones see published notices only, and labels, never members."""

from datetime import date
from typing import cast

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Substr

from notices.models import Notice, NoticeBody, NoticeLabel
from trail.scope import Scope, ScopedQuerySet
from villages.models import CalendarRule

DEFAULT_DAYS = 7
DEFAULT_ANSWER_DAYS = 10


def original(*, village_id: int, month: str, kind: str) -> Notice | None:
    """The notice of this month that corrects none, in any state."""
    return Notice.objects.filter(
        village_id=village_id, month=month, kind=kind, corrects__isnull=True
    ).first()


def count_of(*, village_id: int, month: str, kind: str) -> int:
    """How many notices of this kind the month has, corrections included."""
    return Notice.objects.filter(village_id=village_id, month=month, kind=kind).count()


def body_of(notice: Notice) -> NoticeBody:
    """The sealed body; every notice has one from its draft on."""
    return NoticeBody.objects.get(notice=notice)


def due_for_publication(*, on: date) -> list[Notice]:
    """Approved notices whose day has come, the oldest first."""
    return list(
        Notice.objects.filter(state=Notice.State.APPROVED, publish_on__lte=on).order_by(
            "publish_on", "pk"
        )
    )


def days_on_show(*, township_id: int) -> int:
    """For how many days the township's notices run."""
    rule = CalendarRule.objects.filter(township_id=township_id).first()
    return rule.notice_days if rule else DEFAULT_DAYS


def days_to_answer(*, township_id: int) -> int:
    """Within how many days the township promises to answer an objection."""
    rule = CalendarRule.objects.filter(township_id=township_id).first()
    return rule.answer_days if rule else DEFAULT_ANSWER_DAYS


def notices_within(scope: Scope, action: str) -> ScopedQuerySet[Notice]:
    """Notices in any state, drafts first and then the newest, with their villages."""
    found = Notice.objects.within(scope, action).select_related("village")
    return found.order_by("-publish_on", "-pk")


def published() -> ScopedQuerySet[Notice]:
    """What anyone may see, with village, township and the notice that corrects it."""
    correction = Notice.objects.filter(
        corrects=OuterRef("pk"), village=OuterRef("village"), state=Notice.State.PUBLISHED
    )
    shown = Notice.objects.filter(state=Notice.State.PUBLISHED).select_related("village__township")
    told = shown.annotate(
        corrected_by=Subquery(correction.values("number")[:1]),
        corrected_on=Subquery(correction.values("publish_on")[:1]),
    )
    return cast("ScopedQuerySet[Notice]", told)


def in_reading_order(notices: ScopedQuerySet[Notice], *, on: date) -> ScopedQuerySet[Notice]:
    """Running ones first, the soonest end first; then the newest."""
    ended = Q(until_on__lt=on)
    ordered = notices.annotate(
        ended=Case(When(ended, then=Value(1)), default=Value(0)),
        runs_until=Case(When(~ended, then=F("until_on"))),
    ).order_by("ended", "runs_until", "-publish_on", "-pk")
    return cast("ScopedQuerySet[Notice]", ordered)


def published_of(*, slug: str, on: date) -> ScopedQuerySet[Notice]:
    """A village's published notices in reading order."""
    return in_reading_order(published().filter(village__slug=slug), on=on)


def kinds_and_years_of(*, slug: str) -> tuple[list[str], list[str]]:
    """What the list of a village can be filtered by: its kinds, its years from the latest."""
    rows = set(
        published()
        .filter(village__slug=slug)
        .order_by()
        .annotate(year=Substr("number", 1, 4))
        .values_list("kind", "year")
    )
    kinds = {kind for kind, _year in rows}
    years = {year for _kind, year in rows}
    return [kind for kind in Notice.Kind.values if kind in kinds], sorted(years, reverse=True)


def _for_reading() -> ScopedQuerySet[Notice]:
    """With what the live part of a page needs, but without the long sealed text."""
    return published().select_related("body", "corrects").defer("body__canonical")


def published_to_list(*, on: date) -> ScopedQuerySet[Notice]:
    """What anyone may see, in reading order, with corrections and proof but without content."""
    return in_reading_order(_for_reading(), on=on)


def notice_to_read(*, slug: str, number: str) -> Notice:
    """The published notice at this address, in one query; raises Notice.DoesNotExist."""
    return _for_reading().get(village__slug=slug, number=number)


def notice_to_check(*, code: str) -> Notice:
    """The published notice with this short code and its whole body; Notice.DoesNotExist."""
    return _for_reading().defer(None).get(body__short_code=code)


def points_notices_of_last_month(*, village_id: int) -> list[Notice]:
    """The published points notices of the latest month that has one, corrections after it."""
    ours = Notice.objects.filter(
        village_id=village_id, kind=Notice.Kind.POINTS, state=Notice.State.PUBLISHED
    )
    newest = ours.order_by("-month").first()
    if newest is None:
        return []
    return list(ours.filter(month=newest.month).select_related("body").order_by("pk"))


def labels_of(notice: Notice) -> dict[str, str]:
    """Subject key → label of every row."""
    return dict(
        NoticeLabel.objects.filter(village_id=notice.village_id, notice=notice).values_list(
            "subject_key", "label"
        )
    )


def drafts_of(*, township_id: int) -> list[Notice]:
    """Notices of a township that wait for their two persons."""
    return list(
        Notice.objects.filter(village__township_id=township_id, state=Notice.State.DRAFT).order_by(
            "pk"
        )
    )


def any_approved() -> bool:
    """Whether an approved notice has not been published yet."""
    return Notice.objects.filter(state=Notice.State.APPROVED).exists()


def published_places() -> list[tuple[str, str, str]]:
    """Slug of the village, number and title of every notice on show, by village code."""
    return list(
        Notice.objects.filter(state=Notice.State.PUBLISHED)
        .order_by("village__code", "number")
        .values_list("village__slug", "number", "title")
    )
