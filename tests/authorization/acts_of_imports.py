"""How each act on a sheet that is brought in is done by the village's clerk."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from households.models import ImportBatch
from households.tasks import write_import
from jobs.models import Job
from tests.authorization.ground import Ground
from tests.authorization.owned import import_of
from tests.desk.import_stage import as_csv
from tests.factories import make_id_number
from tests.households.stage import row

Sent = tuple[str, str, dict[str, object]]
CLERK = "village_clerk"


class _Sheet(SimpleUploadedFile):
    """A file that is as full when it is sent again."""

    def read(self, *most: int) -> bytes:
        self.seek(0)
        return bytes(super().read(*most))


def _checked(ground: Ground) -> ImportBatch:
    return import_of(ground.users[CLERK], ground.places["own"].stage.village)


def _upload(ground: Ground) -> Sent:
    village = ground.places["own"].stage.village
    content = as_csv(row(村=village.name, 身份证号=make_id_number()))
    file = _Sheet("农户.csv", content)
    return CLERK, "staff/import/", {"place": f"v{village.pk}", "file": file}


def _columns(ground: Ground) -> Sent:
    batch = _checked(ground)
    typed = {name: str(place) for name, place in batch.mapping["columns"].items()}
    return CLERK, f"staff/import/{batch.pk}/columns/", typed


def _forget(ground: Ground) -> Sent:
    who, address, typed = _upload(ground)
    ground.visitor(who).post(f"/{address}", typed)
    return who, f"staff/import/{ImportBatch.objects.latest('pk').pk}/columns/", {"act": "forget"}


def _on(step: str, **typed: str) -> Callable[[Ground], Sent]:
    return lambda ground: (CLERK, f"staff/import/{_checked(ground).pk}/{step}/", dict(typed))


def _confirmed(ground: Ground) -> int:
    who, address, typed = _on("confirm", act="start")(ground)
    ground.visitor(who).post(f"/{address}", typed)
    return ImportBatch.objects.latest("pk").pk


def _cancel(ground: Ground) -> Sent:
    return CLERK, f"staff/import/{_confirmed(ground)}/confirm/", {"act": "cancel"}


def _undo(ground: Ground) -> Sent:
    number = _confirmed(ground)
    job = Job.objects.get(key=f"households.importbatch:{number}")
    write_import(job_id=job.pk)
    return CLERK, f"staff/import/{number}/done/", {"act": "undo"}


ACTS_OF_IMPORTS: dict[str, dict[str, Callable[[Ground], Sent]]] = {
    "staff/import/": {"upload": _upload},
    "staff/import/<number>/columns/": {"choose": _columns, "forget": _forget},
    "staff/import/<number>/check/": {
        "type": _on("check", act="type", r2_phone="13900000001"),
        "again": _on("check", act="again"),
        "fetch": _on("check", act="fetch"),
        "drop": _on("check", act="drop"),
    },
    "staff/import/<number>/confirm/": {"start": _on("confirm", act="start"), "cancel": _cancel},
    "staff/import/<number>/done/": {"undo": _undo},
}
