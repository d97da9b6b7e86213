"""What leaves the site: files of exports, and what lies in the broker."""

import base64
import io
import json

import openpyxl
from django.conf import settings
from django.test import Client

from desk import operations
from desk.tasks import export_file
from files.models import Export
from jobs.models import Job
from tests.authorization.canaries import Country
from tests.workers import client_of

FORMS = {"register": ("csv", "xlsx"), "ledger": ("xlsx",), "audit": ("csv",)}


def exports(client: Client, country: Country) -> dict[str, str]:
    """Every file this visitor gets, asked for in each place of the three villages."""
    places = [f"v{village.pk}" for village in country.villages]
    places += [f"t{village.township_id}" for village in (country.mine, country.far)]
    return {
        f"{what}.{form} of {place}": _text(content)
        for place in places
        for what, forms in FORMS.items()
        for form in forms
        if (content := _file(client, place=place, what=what, form=form))
    }


def _file(client: Client, **asked: str) -> bytes:
    """The file as it is fetched; empty for who gets none."""
    before = Export.objects.count()
    client.post("/staff/exports/", {**asked, "purpose": "核对", "month": "2026-10"})
    if Export.objects.count() == before:
        return b""
    made = Export.objects.latest("pk")
    for number in Job.objects.filter(key=operations.reference(made)).values_list("pk", flat=True):
        export_file(job_id=number)
    answer = client.post(f"/staff/exports/{made.pk}/", {"act": "fetch"})
    return bytes(answer.content) if answer.status_code == 200 else b""


def _text(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)


def in_the_broker() -> list[str]:
    """Each message that waits, its body in plain text."""
    client = client_of(settings.CELERY_BROKER_URL)
    queued = [json.loads(raw) for raw in client.lrange("celery", 0, -1)]
    client.close()
    return [str(told) + base64.b64decode(told["body"]).decode() for told in queued]
