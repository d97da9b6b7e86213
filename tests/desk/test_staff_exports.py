"""T-05: what leaves the site has a purpose, an owner, a watermark, a second person, and an end."""

import base64
import io
from dataclasses import dataclass
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import operations as approvals
from accounts.models import Proposal, User
from desk import operations
from desk.exporting.tables import Table, as_csv, as_xlsx
from desk.tasks import export_file
from files.models import Export
from files.tasks import wipe_exports
from jobs.models import Job
from tests.desk.staff_stage import logged_in
from tests.factories import (
    YEAR_BEGINS,
    make_actor,
    make_entry,
    make_household,
    make_id_number,
    make_member,
    make_rulebook,
    make_staff,
    make_township,
    make_village,
)
from trail import clock
from trail.models import AuditEvent
from villages.models import Posting, Village

PHONE = "13812345678"
ID_NUMBER = make_id_number()


@dataclass
class Office:
    """A village with one household of two, its neighbour, the village's clerk."""

    village: Village
    neighbour: Village
    user: User
    lin: Client

    def ask(self, *, who: Client | None = None, status: int = 302, **given) -> Export | None:
        """Send the form, let the worker work, and read what became of it."""
        fields = {
            "place": f"v{self.village.pk}",
            "what": "register",
            "form": "csv",
            "purpose": "发年货",
            **given,
        }
        answer = (who or self.lin).post("/staff/exports/", fields)
        assert answer.status_code == status, answer.content.decode()
        made = Export.objects.first()
        return work(made) if status == 302 else made

    def fetch(self, made: Export, *, who: Client | None = None):
        return (who or self.lin).post(f"/staff/exports/{made.pk}/", {"act": "fetch"})


def work(made: Export) -> Export:
    for number in Job.objects.filter(key=operations.reference(made)).values_list("pk", flat=True):
        export_file(job_id=number)
    return Export.objects.get(pk=made.pk)


@pytest.fixture
def office(db) -> Office:
    township = make_township()
    mine = make_village(township=township, name="窦庄村", number=201)
    theirs = make_village(township=township, name="刘庄村", number=202)
    home = make_household(village=mine, number="001", name="张三")
    make_member(household=home, phone=PHONE, id_number=ID_NUMBER)
    make_member(household=home, name="=1+1", relation="妻")
    make_member(household=make_household(village=theirs, number="9"), name="李四")
    make_entry(household=home, item=make_rulebook(village=mine).items.get(code="1"), points=5)
    user = make_staff(name="林文书", role="village_clerk", village=mine)
    return Office(mine, theirs, user, logged_in(user))


def events(what: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(what=what))


def test_t05_a_register_is_masked_watermarked_recorded_and_fetched_by_who_asked(office):
    made = office.ask()
    answer = office.fetch(made)
    text = answer.content.decode()
    assert text.startswith("\ufeff导出编号")
    first, *_rows, last = text.removeprefix("\ufeff").splitlines()
    assert first == last
    for words in ("林文书", "用途：发年货", f"导出编号{made.pk}"):
        assert words in first
    assert "张三" in text
    assert "138****5678" in text
    assert PHONE not in text
    assert ID_NUMBER not in text
    assert "'=1+1" in text
    assert "李四" not in text
    assert answer["Content-Disposition"] == f'attachment; filename="export-{made.pk}.csv"'
    assert "no-store" in answer["Cache-Control"]
    for what in ("export.asked", "export.made", "export.downloaded"):
        (event,) = events(what)
        assert (event.village_id, event.detail["purpose"]) == (office.village.pk, "发年货")
        assert event.detail["persons"] == 2
        assert "张三" not in str(event.detail)


def test_the_file_is_sealed_in_the_database_and_not_in_the_job(office):
    made = office.ask()
    job = Job.objects.get()
    assert (job.payload, job.result) == ({"export": made.pk}, {"rows": 2})
    assert len(bytes(made.sha256)) == 32
    content = office.fetch(made).content
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM files_export")
        stored = bytes(cursor.fetchone()[0])
    assert len(stored) > len(content) > 0
    assert base64.b64encode(content)[:30] not in stored


def test_full_numbers_need_the_right_and_a_reason(office):
    assert office.ask(full="on", status=400) is None
    made = office.ask(full="on", reason="paper")
    text = office.fetch(made).content.decode()
    assert PHONE in text
    assert ID_NUMBER in text
    assert events("export.asked")[0].detail["reason"] == "paper"


def test_an_excel_file_has_its_watermark_on_the_sheet_and_on_paper(office):
    made = office.ask(form="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(office.fetch(made).content))
    sheet = book.active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][0] == lines[-1][0]
    assert "林文书" in sheet.oddFooter.center.text
    assert [line[3] for line in lines[2:-1]] == ["张三", "'=1+1"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_a_formula_not_even_the_watermark(start):
    table = Table(f"{start}1", ["一"], [[f"{start}cmd", -5, None]])
    assert f"'{start}cmd" in as_csv(table).decode()
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table)))
    assert book.active["A1"].value.startswith("'")
    assert book.active["B3"].value == -5


def test_a_month_of_entries_and_of_events_can_be_exported(office):
    text = office.fetch(office.ask(what="ledger", month="2026-10")).content.decode()
    assert ",加分,打扫房前屋后,5,2026-10-12,2026-10" in text
    assert "张三" not in text
    auditor = make_staff(name="沈审计", role="auditor", village=office.village)
    client = logged_in(auditor)
    month = clock.today().isoformat()[:7]
    made = office.ask(what="audit", month=month, who=client)
    assert "林文书以村文书身份提出导出" in office.fetch(made, who=client).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"purpose": ""}, "请写明导出去做什么用。"),
        ({"what": "ledger"}, "请填月份"),
        ({"what": "ledger", "month": "2026-13"}, "月份请写成2026-10。"),
    ],
)
def test_what_is_missing_is_said(office, given, words):
    fields = {"place": f"v{office.village.pk}", "what": "register", "form": "csv", "purpose": "x"}
    answer = office.lin.post("/staff/exports/", {**fields, **given})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Export.objects.exists()


def test_nothing_is_exported_from_where_one_may_not(office):
    neighbour, township = f"v{office.neighbour.pk}", f"t{office.village.township_id}"
    for place in (neighbour, township):
        office.ask(place=place, status=400)
    member = logged_in(make_staff(name="魏", role="committee_member", village=office.village))
    office.ask(who=member, status=404)
    auditor = logged_in(make_staff(name="沈", role="auditor", village=office.village))
    office.ask(who=auditor, status=404)
    assert not Export.objects.exists()
    assert member.get("/staff/exports/").status_code == 404


def test_another_finds_no_such_export_and_fetches_nothing(office):
    made = office.ask()
    wang = logged_in(make_staff(name="王文书", role="village_clerk", village=office.village))
    assert wang.get(f"/staff/exports/{made.pk}/").status_code == 404
    assert office.fetch(made, who=wang).status_code == 404
    assert events("export.downloaded") == []


def test_who_holds_the_post_no_more_fetches_nothing(office):
    made = office.ask()
    Posting.objects.filter(person=office.user.person).update(to_on=YEAR_BEGINS)
    assert office.fetch(made).status_code == 404
    assert events("export.downloaded") == []


def test_t05_more_than_200_persons_need_a_second_person(office):
    home = make_household(village=office.village, number="500")
    for number in range(199):
        make_member(household=home, name=f"人{number}")
    made = office.ask()
    assert (made.persons, made.size) == (201, 0)
    assert not Job.objects.exists()
    office.lin.post(f"/staff/exports/{made.pk}/", {"act": "start"})
    assert not Job.objects.exists()
    proposal = Proposal.objects.get(kind=Proposal.Kind.EXPORT)
    assert proposal.about == f"files.export:{made.pk}"
    second = make_actor(role="township_administrator")
    approvals.decide(proposal=proposal, approve=True, by=second, at=clock.now())
    make_member(household=home, name="又一个")
    office.lin.post(f"/staff/exports/{made.pk}/", {"act": "start"})
    assert not Job.objects.exists()
    home.members.filter(name="又一个").update(state="left")
    office.lin.post(f"/staff/exports/{made.pk}/", {"act": "start"})
    assert work(made).size > 0
    assert office.fetch(made).status_code == 200


def test_a_township_exports_all_its_villages_in_one_file(office):
    user = make_staff(name="镇经办", role="township_clerk", township=office.village.township)
    client = logged_in(user)
    made = office.ask(place=f"t{office.village.township_id}", who=client)
    text = office.fetch(made, who=client).content.decode()
    assert "张三" in text
    assert "李四" in text
    assert made.persons == 3


def test_an_export_that_was_stopped_is_not_made(office):
    fields = {"place": f"v{office.village.pk}", "what": "register", "form": "csv", "purpose": "x"}
    office.lin.post("/staff/exports/", fields)
    made = Export.objects.get()
    assert "停止" in office.lin.get(f"/staff/exports/{made.pk}/").content.decode()
    office.lin.post(f"/staff/exports/{made.pk}/", {"act": "cancel"})
    assert work(made).size == 0
    assert Job.objects.get().state == Job.State.CANCELLED
    assert len(events("export.cancelled")) == 1


def test_a_week_later_the_file_is_wiped_and_the_row_stays(office):
    made = office.ask()
    wipe_exports()
    assert Export.objects.get().size > 0
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "7天" in office.lin.get(f"/staff/exports/{made.pk}/").content.decode()
    office.fetch(made)
    assert events("export.downloaded") == []
    wipe_exports()
    wipe_exports()
    left = Export.objects.get()
    assert (left.content, left.size, left.purpose) == ("", 0, "发年货")
    (event,) = events("export.wiped")
    assert event.detail["count"] == 1


def test_jobs_are_listed_where_one_may_see_them(office):
    office.ask()
    job = Job.objects.get()
    system = logged_in(make_staff(name="系", role="system_administrator", village=office.village))
    assert "导出文件" in system.get("/staff/jobs/").content.decode()
    assert "完成" in system.get(f"/staff/jobs/{job.pk}/").content.decode()
    other = logged_in(make_staff(name="他", role="system_administrator", village=office.neighbour))
    assert other.get(f"/staff/jobs/{job.pk}/").status_code == 404
    assert office.lin.get("/staff/jobs/").status_code == 404
