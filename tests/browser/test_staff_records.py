"""Trail, households, exports and jobs in a real Chromium: readable at every width."""

import pytest

from desk.tasks import export_file
from files.models import Export
from jobs.models import Job
from tests.browser.test_month_close import faults_of
from tests.desk.staff_stage import Office, logged_in, open_office
from tests.factories import make_id_number, make_member, make_staff
from trail import clock
from trail.actor import Actor
from trail.changes import Change
from trail.models import AuditEvent
from trail.operations import record

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def test_trail_households_exports_and_jobs_are_readable(live_site, office):
    village, home = office.stage.village, office.stage.home
    member = make_member(household=home, id_number=make_id_number(), phone="13812345678")
    by = Actor("林文书", "village_clerk", office.people["lin"].person_id, request_id="0ABCDEFGHJ")
    changes = [
        Change("households.subject.state", "active", "closed"),
        Change("households.member.phone", "13812345678", "", personal=True),
    ]
    about = f"households.subject:{home.pk}"
    for what in ("households.card_issued", "denied.request"):
        record(
            by=by, at=clock.now(), what=what, about=about, village_id=village.pk, changes=changes
        )
    event = AuditEvent.objects.latest("id").pk
    fields = {"place": f"v{village.pk}", "what": "register", "form": "xlsx", "purpose": "发年货"}
    office.lin.post("/staff/exports/", fields)
    job, made = Job.objects.get(kind="desk.export_file"), Export.objects.get()
    export_file(job_id=job.pk)
    auditor = logged_in(make_staff(name="沈审计", role="auditor", village=village))
    reveal = f"/staff/households/{home.pk}/members/{member.pk}/phone/"
    mine = ["/staff/households/", f"/staff/households/{home.pk}/", reveal, office.base]
    found = faults_of(
        live_site, office.lin, [*mine, "/staff/exports/", f"/staff/exports/{made.pk}/"]
    )
    trail = ["/staff/audit/", f"/staff/audit/{event}/", "/staff/jobs/", f"/staff/jobs/{job.pk}/"]
    assert found + faults_of(live_site, auditor, trail) == []
