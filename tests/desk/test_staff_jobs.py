"""Work about a whole township is seen by those who see the township's work, and nobody else."""

import pytest

from accounts.roles import Action
from files.models import Export
from jobs.models import Job
from tests.desk.import_stage import Desk, open_desk, said
from tests.factories import make_id_number
from tests.households.stage import row
from trail.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db) -> Desk:
    return open_desk()


def imported(desk: Desk, *, who=None) -> Job:
    """The job of an import that was confirmed."""
    number = desk.checked(row(身份证号=make_id_number(), 村="刘庄村"), who=who)
    desk.press(number, "confirm", who=who, act="start", rows="all")
    return Job.objects.get(key=f"households.importbatch:{number}")


def test_an_import_of_a_whole_township_stands_among_the_work(desk):
    job = imported(desk)
    page = said(desk.lin.get("/staff/jobs/"))
    assert f"导入农户表 IMP-{job.key.partition(':')[2]} 石台镇" in page
    assert "石台镇" in said(desk.lin.get(f"/staff/jobs/{job.pk}/"))
    assert "导入农户表" in said(desk.lin.get("/staff/"))
    assert (job.village_id, job.township_id) == (None, desk.places.township.pk)


def test_i05_neither_another_township_nor_a_village_sees_it(desk):
    job = imported(desk)
    assert desk.zhao.get(f"/staff/jobs/{job.pk}/").status_code == 404
    assert "IMP-" not in said(desk.zhao.get("/staff/jobs/"))
    in_village = Scope.for_villages([desk.places.liu.pk], Action.VIEW_JOBS)
    assert not Job.objects.within(in_village, Action.VIEW_JOBS).exists()


def test_the_import_of_a_village_is_the_villages(desk):
    job = imported(desk, who=desk.liu)
    assert (job.village_id, job.township_id) == (desk.places.liu.pk, None)
    assert "刘庄村" in said(desk.lin.get(f"/staff/jobs/{job.pk}/"))


def test_an_export_of_a_whole_township_stands_among_the_work(desk):
    place = f"t{desk.places.township.pk}"
    asked = {"what": "register", "place": place, "form": "xlsx", "purpose": "年底核对"}
    answer = desk.lin.post("/staff/exports/", asked, follow=True)
    assert Export.objects.exists(), said(answer)
    number = Export.objects.get().pk
    assert f"导出文件 {number}号 石台镇" in said(desk.lin.get("/staff/jobs/"))
