"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from notices import queries
from notices.models import Notice, NoticeBody, NoticeLabel
from tests.factories import NOON
from tests.notices.stage import MONTH

DAY = timedelta(days=1)


def sqlstate(refusal: DatabaseError) -> str:
    return refusal.__cause__.pgcode


def draft_row(village, **changed) -> Notice:
    facts = {
        "village": village,
        "kind": Notice.Kind.STAR,
        "number": "2026-10-star-2",
        "month": MONTH,
        "title": "公示",
        "created_at": NOON,
    }
    return Notice.objects.create(**facts | changed)


@pytest.mark.parametrize(
    "change",
    [
        {"publish_on": NOON.date() - DAY},
        {"until_on": NOON.date() + 9 * DAY},
        {"published_at": NOON + DAY},
        {"state": "approved", "published_at": None},
        {"state": "draft", "published_at": None, "publish_on": None, "until_on": None},
    ],
)
def test_i_21_period_and_state_of_a_published_notice_stay(on_show, change):
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=on_show.pk).update(**change)
    assert sqlstate(refused.value) == "VC021"


@pytest.mark.parametrize("column", ["title", "number", "month", "kind", "created_at"])
def test_i_21_the_site_has_no_right_to_change_a_fact_of_a_notice(on_show, column):
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=on_show.pk).update(**{column: getattr(on_show, column)})
    assert sqlstate(refused.value) == "42501"


def test_i_21_the_body_is_never_changed_by_the_site(on_show):
    for change in (
        lambda: NoticeBody.objects.update(canonical="{}"),
        lambda: NoticeBody.objects.all()._raw_delete("default"),
        lambda: Notice.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            change()
        assert sqlstate(refused.value) == "42501"


def test_i_21_label_version_only_grows(on_show):
    Notice.objects.filter(pk=on_show.pk).update(label_version=3)
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=on_show.pk).update(label_version=2)
    assert sqlstate(refused.value) == "VC021"


def test_i_21_a_draft_has_no_label_version(drafted):
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=drafted.pk).update(label_version=1)
    assert sqlstate(refused.value) == "VC021"


def test_i_21_a_draft_is_not_published_without_approval(drafted):
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=drafted.pk).update(
            state="published",
            publish_on=NOON.date(),
            until_on=NOON.date() + 6 * DAY,
            published_at=NOON,
        )
    assert sqlstate(refused.value) == "VC021"


def test_i_21_publishing_does_not_shorten_the_period(drafted, approve):
    approved = approve(drafted)
    with pytest.raises(DatabaseError) as refused:
        Notice.objects.filter(pk=drafted.pk).update(
            state="published", until_on=approved.until_on - DAY, published_at=NOON
        )
    assert sqlstate(refused.value) == "VC021"


def test_a_notice_begins_as_a_draft(village):
    with pytest.raises(DatabaseError) as refused:
        draft_row(
            village,
            state="approved",
            publish_on=NOON.date(),
            until_on=NOON.date() + 6 * DAY,
        )
    assert sqlstate(refused.value) == "VC021"


def test_a_month_has_one_original_of_a_kind(drafted, village):
    with pytest.raises(IntegrityError, match="notices_notice_one_original_a_month"):
        draft_row(village)


def test_a_number_is_given_once_in_a_village(drafted, village):
    with pytest.raises(IntegrityError, match="notices_notice_number_once"):
        draft_row(village, number=drafted.number, month="2026-09")


def test_i_21_a_notice_is_corrected_once_so_one_is_current(on_show, village):
    draft_row(village, corrects=on_show)
    with pytest.raises(IntegrityError, match="notices_notice_corrected_once"):
        draft_row(village, corrects=on_show, number="2026-10-star-3")


@pytest.mark.parametrize("changed", [{"month": "2026-09"}, {"kind": Notice.Kind.RULE}])
def test_a_correction_is_of_the_same_kind_and_month(on_show, village, changed):
    with pytest.raises(DatabaseError) as refused:
        draft_row(village, corrects=on_show, **changed)
    assert sqlstate(refused.value) == "VC021"


def test_a_draft_cannot_be_corrected(drafted, village):
    with pytest.raises(DatabaseError) as refused:
        draft_row(village, corrects=drafted)
    assert sqlstate(refused.value) == "VC021"


def test_a_notice_runs_three_days_or_more(drafted):
    with pytest.raises(IntegrityError, match="notices_notice_runs_three_days"):
        Notice.objects.filter(pk=drafted.pk).update(
            state="approved", publish_on=NOON.date(), until_on=NOON.date() + DAY
        )


def test_an_approved_notice_has_its_period(drafted):
    with pytest.raises(IntegrityError, match="notices_notice_has_period_once_approved"):
        Notice.objects.filter(pk=drafted.pk).update(state="approved")


def test_a_published_notice_has_its_time(drafted, approve):
    approve(drafted)
    with pytest.raises(IntegrityError, match="notices_notice_published_has_its_time"):
        Notice.objects.filter(pk=drafted.pk).update(state="published")


def test_p_25_a_label_never_is_a_full_name(on_show, village):
    with pytest.raises(IntegrityError, match="notices_noticelabel_shows_no_full_name"):
        NoticeLabel.objects.create(
            village=village, notice=on_show, subject_key="9组/001", label="张小三", unit="9组"
        )


def test_a_row_has_one_label(on_show, village):
    with pytest.raises(IntegrityError, match="notices_noticelabel_one_per_row"):
        NoticeLabel.objects.create(
            village=village, notice=on_show, subject_key="3组/027", label="", unit="3组"
        )


def test_a_short_code_is_unique(on_show, village):
    known = queries.body_of(on_show)
    other = draft_row(village, month="2026-09")
    with pytest.raises(IntegrityError, match="short_code"):
        NoticeBody.objects.create(
            notice=other, canonical="{}", content_sha256=b"", short_code=known.short_code
        )
