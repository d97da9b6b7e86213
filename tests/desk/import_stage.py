"""A township whose clerk brings sheets in, and one of its villages whose clerk does too."""

import csv
import io
import re
from dataclasses import dataclass
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from households.models import ImportBatch, Member, Subject
from households.tasks import check_import, write_import
from jobs.models import Job
from tests.desk.staff_stage import logged_in
from tests.factories import make_staff, make_township, make_village
from tests.households.stage import HEADER, Places

TAGS = re.compile(r"<[^>]+>")


@dataclass
class Desk:
    """Lin imports for the township, Liu for 刘庄村, Zhao for another township."""

    places: Places
    lin: Client
    liu: Client
    zhao: Client
    liu_user: User | None = None

    def upload(self, content: bytes, *, name: str = "农户.csv", who: Client | None = None):
        """Send a file as the form does."""
        who = who or self.lin
        page = who.get("/staff/import/").content.decode()
        place = re.search(r'name="place"[^>]*value="(\w+)"', page)
        assert place, page
        file = SimpleUploadedFile(name, content)
        return who.post("/staff/import/", {"place": place[1], "file": file})

    def brought(self, *rows: dict[str, str], who: Client | None = None, **more) -> int:
        """Upload rows as a csv; the number of the import."""
        answer = self.upload(as_csv(*rows, **more), who=who)
        assert answer.status_code == 302, said(answer)
        return ImportBatch.objects.latest("pk").pk

    def page(self, number: int, step: str, query: str = "", *, who: Client | None = None) -> str:
        answer = (who or self.lin).get(f"/staff/import/{number}/{step}/{query}")
        assert answer.status_code == 200, answer
        return said(answer)

    def press(self, number: int, step: str, /, *, who: Client | None = None, **typed):
        return (who or self.lin).post(f"/staff/import/{number}/{step}/", typed, follow=True)

    def columns(self, number: int, /, *, who: Client | None = None, **changed) -> str:
        """Take the columns as they were recognised, but for `changed`; the next page."""
        who = who or self.lin
        form = who.get(f"/staff/import/{number}/columns/").context["form"]
        typed = {bound.html_name: bound.value() or "" for bound in form}
        return said(self.press(number, "columns", who=who, **(typed | changed)))

    def checked(self, *rows: dict[str, str], who: Client | None = None, **more) -> int:
        number = self.brought(*rows, who=who, **more)
        self.columns(number, who=who)
        return number

    def write(self, number: int, *, who: Client | None = None, rows: str = "all") -> str:
        """Confirm, let the worker work; the page of the result."""
        self.press(number, "confirm", who=who, act="start", rows=rows)
        work(number)
        return said((who or self.lin).get(f"/staff/import/{number}/done/", follow=True))

    def undo(self, number: int, /, *, who: Client | None = None, **typed) -> str:
        return said(self.press(number, "done", who=who, act="undo", **typed))


def open_desk() -> Desk:
    township = make_township()
    dou = make_village(township=township, name="窦庄村", number=201)
    liu = make_village(township=township, name="刘庄村", number=202)
    elsewhere = make_township(code="440783104", name="苍城镇")
    liu_user = make_staff(name="刘文书", role="village_clerk", village=liu)
    return Desk(
        Places(township, dou, liu),
        logged_in(make_staff(name="林经办", role="township_clerk", township=township)),
        logged_in(liu_user),
        logged_in(make_staff(name="赵经办", role="township_clerk", township=elsewhere)),
        liu_user,
    )


def as_csv(*rows: dict[str, str], header: tuple[str, ...] = HEADER, encoding="utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def work(number: int) -> None:
    """What the worker does about an import."""
    tasks = {"households.check_import": check_import, "households.write_import": write_import}
    for job in Job.objects.filter(key=f"households.importbatch:{number}", state="waiting"):
        tasks[job.kind](job_id=job.pk)


def said(answer) -> str:
    """What stands on a page, without its marks."""
    text = TAGS.sub(" ", answer.content.decode())
    return " ".join(unescape(text).split())


def register() -> dict[str, list[tuple]]:
    """Every household and member as stored, encrypted values in plain."""
    columns = [one.attname for one in Member._meta.concrete_fields if "hmac" not in one.attname]
    digests = ["id_hmac", "id_tail_hmac", "phone_hmac", "phone_tail_hmac"]
    return {
        "subjects": list(Subject.objects.order_by("pk").values_list()),
        "members": [
            tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
            for row in Member.objects.order_by("pk").values_list(*columns, *digests)
        ],
    }
