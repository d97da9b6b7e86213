from datetime import date, timedelta

import pytest

from accounts import operations as approvals
from accounts.models import Proposal
from notices import operations, proof, queries
from notices.errors import AnotherMatter, NotADraft, NotApproved, NotItsDay
from notices.models import Notice, NoticeBody, NoticeLabel
from notices.registry import UnknownKind
from notices.tasks import publish_due_notices
from tests.factories import NOON
from tests.notices.stage import HEADS, MONTH, content
from trail.models import AuditEvent
from villages.models import Township

DAY = timedelta(days=1)


def what_happened() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("what", flat=True))


def test_draft_seals_the_content_and_its_code(drafted):
    body = queries.body_of(drafted)
    assert (drafted.number, drafted.state) == ("2026-10-star-1", Notice.State.DRAFT)
    assert drafted.title == "下湾村2026-10星级公示"
    assert body.content == content(MONTH)
    assert proof.holds(
        canonical=body.canonical,
        content_sha256=bytes(body.content_sha256),
        seal_root=bytes.fromhex("ab" * 32),
        notice_id=drafted.pk,
        code=body.short_code,
    )


def test_draft_twice_is_one_notice(drafted, village):
    again = operations.draft(kind=Notice.Kind.STAR, village=village, month=MONTH, at=NOON + DAY)
    assert again == drafted
    assert NoticeBody.objects.count() == 1


def test_draft_of_a_kind_nobody_builds_is_a_mistake_in_the_code(register, village):
    with pytest.raises(UnknownKind):
        operations.draft(kind=Notice.Kind.SHOP, village=village, month=MONTH, at=NOON)


def test_sealed_content_holds_no_name(drafted):
    canonical = queries.body_of(drafted).canonical
    assert not [name for name in HEADS.values() if name and name in canonical]


def test_proposal_is_about_the_sealed_content(drafted, lin):
    proposal = operations.propose_publication(notice=drafted, by=lin, at=NOON)
    body = queries.body_of(drafted)
    assert proposal.about == f"notices.notice:{drafted.pk}"
    assert bytes(proposal.content_sha256) == approvals.content_digest(
        f"{body.short_code} {bytes(body.content_sha256).hex()}"
    )


def test_approval_sets_the_day_and_the_days_of_the_township(drafted, approve):
    approved = approve(drafted)
    assert approved.state == Notice.State.APPROVED
    assert (approved.publish_on, approved.until_on) == (date(2026, 11, 1), date(2026, 11, 5))
    assert what_happened() == ["proposal.publication.proposed", "notice.approved"]
    detail = AuditEvent.objects.latest("pk").detail
    assert {"field": "notices.notice.publish_on", "before": None, "after": "2026-11-01"} in (
        detail["changes"]
    )
    assert detail["proposal"] == Proposal.objects.get().pk


def test_a_township_without_calendar_shows_notices_seven_days(db):
    elsewhere = Township.objects.create(
        code="140212101", name="古店镇", county="新荣区", city="大同市", province="山西省"
    )
    assert queries.days_on_show(township_id=elsewhere.pk) == 7


def test_the_proposer_cannot_approve(drafted, lin):
    proposal = operations.propose_publication(notice=drafted, by=lin, at=NOON)
    with pytest.raises(approvals.SamePersonTwice):
        operations.approve_publication(
            notice=drafted, proposal=proposal, publish_on=NOON.date(), by=lin, at=NOON
        )
    drafted.refresh_from_db()
    assert drafted.state == Notice.State.DRAFT


def test_an_approved_notice_is_neither_proposed_nor_approved_again(drafted, approve, lin, wei):
    approved = approve(drafted)
    with pytest.raises(NotADraft):
        operations.propose_publication(notice=approved, by=lin, at=NOON)
    with pytest.raises(NotADraft):
        operations.approve_publication(
            notice=approved,
            proposal=Proposal.objects.get(),
            publish_on=NOON.date(),
            by=wei,
            at=NOON,
        )


def test_the_approval_of_another_matter_is_refused(drafted, village, lin, wei):
    lock = approvals.propose(
        kind=Proposal.Kind.LOCK,
        about="scoring.month:1",
        village_id=village.pk,
        content="x",
        by=lin,
        at=NOON,
    )
    with pytest.raises(AnotherMatter):
        operations.approve_publication(
            notice=drafted, proposal=lock, publish_on=NOON.date(), by=wei, at=NOON
        )


@pytest.mark.parametrize("publish_on", [NOON.date() - DAY, NOON.date() + 14 * DAY])
def test_the_day_lies_between_today_and_the_end_of_the_approval(drafted, lin, wei, publish_on):
    proposal = operations.propose_publication(notice=drafted, by=lin, at=NOON)
    with pytest.raises(NotItsDay):
        operations.approve_publication(
            notice=drafted, proposal=proposal, publish_on=publish_on, by=wei, at=NOON
        )


def test_publish_shows_masked_labels_and_uses_up_the_approval(on_show):
    assert (on_show.state, on_show.published_at) == (Notice.State.PUBLISHED, NOON)
    assert queries.labels_of(on_show) == {
        "2组/005": "买**·艾*",
        "2组/006": "（未登记）",
        "3组/027": "张*三",
        "3组/028": "",
        "3组/029": "张*三",
        "10组/001": "欧阳*娜",
    }
    assert set(NoticeLabel.objects.values_list("unit", flat=True)) == {"2组", "3组", "10组"}
    assert Proposal.objects.get().consumed_at == NOON
    assert what_happened()[-1] == "notice.published"


def test_publish_twice_is_once(on_show):
    before = what_happened()
    assert operations.publish(notice=on_show, at=NOON + DAY).published_at == NOON
    assert what_happened() == before


def test_publish_without_a_second_person_is_refused(drafted):
    with pytest.raises(NotApproved):
        operations.publish(notice=drafted, at=NOON)


def test_publish_before_its_day_is_refused(drafted, approve):
    with pytest.raises(NotItsDay):
        operations.publish(notice=approve(drafted), at=NOON - DAY)


def test_a_late_start_costs_no_day_of_the_period(drafted, approve):
    published = operations.publish(notice=approve(drafted), at=NOON + 3 * DAY)
    assert (published.publish_on, published.until_on) == (date(2026, 11, 4), date(2026, 11, 8))


def test_publish_after_the_approval_has_lapsed_is_refused(drafted, approve):
    with pytest.raises(approvals.NoApproval):
        operations.publish(notice=approve(drafted), at=NOON + 15 * DAY)


def test_the_task_publishes_what_is_due_and_only_once(drafted, approve, time_machine):
    approve(drafted)
    time_machine.move_to(NOON - DAY)
    publish_due_notices()
    drafted.refresh_from_db()
    assert drafted.state == Notice.State.APPROVED
    time_machine.move_to(NOON)
    publish_due_notices(added_by_a_newer_sender=1)
    publish_due_notices()
    drafted.refresh_from_db()
    assert drafted.published_at == NOON
    assert what_happened().count("notice.published") == 1


def test_a_refused_notice_holds_up_no_other(village, drafted, approve, caplog):
    lapsed = approve(drafted)
    other = operations.draft(kind=Notice.Kind.STAR, village=village, month="2026-09", at=NOON)
    approve(other, at=NOON + 10 * DAY)
    assert operations.publish_due(at=NOON + 15 * DAY) == 1
    lapsed.refresh_from_db()
    assert lapsed.state == Notice.State.APPROVED
    assert "no_approval" in caplog.text


def test_a_new_label_raises_the_version_once(on_show):
    assert operations.relabel(notice=on_show, labels={"3组/027": ""}) == 1
    assert operations.relabel(notice=on_show, labels={"3组/027": ""}) == 0
    on_show.refresh_from_db()
    assert on_show.label_version == 1
    assert queries.labels_of(on_show)["3组/027"] == ""


def test_a_draft_has_no_labels_to_change(drafted):
    assert operations.relabel(notice=drafted, labels={"3组/027": ""}) == 0
