"""A stranger's verifier on a ledger of which a closed month has been corrected."""

import pytest

from households.models import Subject
from notices.models import Notice, NoticeBody
from scoring.models import Entry
from scoring.operations.corrections import Change
from tests.deploy.test_verify import codes, rewritten
from tests.factories import NOON, make_household
from tests.scoring.stage import Stage, set_stage
from tests.scoring.test_corrections import close_and_show, correct, show
from villages.models import Unit


@pytest.fixture
def corrected(db, time_machine) -> Stage:
    """October was corrected twice, each on show, and November is closed on top of it."""
    time_machine.move_to(NOON, tick=False)
    stage = set_stage()
    other = make_household(village=stage.village)
    first, bad = stage.enter(18), stage.enter(-4, item="minus")
    second = stage.enter(6, item="kind", home=other)
    close_and_show(stage)
    show(stage, correct(stage, Change(first, 15), Change(bad)))
    show(stage, correct(stage, Change(second)))
    stage.enter(3, on=NOON.date())
    stage.close("2026-11")
    return stage


def test_i21_a_corrected_ledger_and_its_notices_verify(corrected, export, verify):
    status, report = verify(export())
    assert (status, report["problems"]) == (0, [])
    assert report["notices"] == Notice.objects.count() == 4
    assert report["entries"] == Entry.objects.count() == 8


def test_i21_a_forged_correction_notice_is_found(corrected, export, verify, unpack):
    body = NoticeBody.objects.filter(notice__corrects__isnull=False).earliest("pk")
    folder = unpack(export())
    rewritten(
        folder,
        corrected,
        "notices",
        lambda rows: rows[1].update(canonical=body.canonical.replace('"plus":15', '"plus":17')),
    )
    status, report = verify(folder)
    assert (status, codes(report)) == (1, {"notice_content"})


def test_i22_a_household_called_otherwise_since_still_verifies(corrected, export, verify):
    home = corrected.home
    Unit.objects.filter(pk=home.unit_id).update(name="第九组")
    Subject.objects.filter(pk=home.pk).update(number="999")
    status, report = verify(export())
    assert (status, report["problems"]) == (0, [])


def test_i22_control_without_the_kept_ids_it_does_not(corrected, export, verify, unpack):
    Subject.objects.filter(pk=corrected.home.pk).update(number="999")
    folder = unpack(export())
    rewritten(folder, corrected, "notices", lambda rows: [row.pop("subjects") for row in rows])
    assert {"notice_unknown", "notice_missing"} <= codes(verify(folder)[1])


def test_i21_an_entry_slipped_into_a_correction_is_found(corrected, export, verify, unpack):
    folder = unpack(export())
    rewritten(folder, corrected, "entries", lambda rows: rows[4].update(points=17))
    status, report = verify(folder)
    assert status == 1
    made = Entry.objects.filter(source__startswith="correction:").order_by("pk")[1].pk
    assert ("changed", made) in {(one["code"], one["entry"]) for one in report["problems"]}
