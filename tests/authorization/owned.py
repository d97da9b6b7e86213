"""What belongs to one person alone: exports, sheets that are brought in, households to visit."""

from datetime import date

from accounts.models import User
from files.models import Export
from households.models import ImportBatch, VisitDuty
from households.operations import import_batches
from tests.desk.import_stage import as_csv
from tests.factories import NOON, make_household, make_id_number
from tests.households.stage import row
from trail.actor import Actor
from trail.scope import reaching
from villages.models import Village

EXPORT = "staff/exports/<number>/"
IMPORT = "staff/import/<number>/"
VISIT = "staff/visits/mine/<number>/"


def made_by(user: User, village: Village, *, address: str) -> str | None:
    """The number in the address, of a thing this account made; None where it is nobody's own."""
    if address == EXPORT:
        return str(export_of(user, village).pk)
    if address == VISIT:
        return str(duty_of(user, village).pk)
    if address.startswith(IMPORT):
        return str(import_of(user, village).pk)
    return None


def export_of(user: User, village: Village) -> Export:
    """What this account asked for."""
    return Export.objects.create(
        township=village.township, village=village, user=user, what="register", form="csv",
        purpose="核对", persons=1, asked_at=NOON,
    )  # fmt: skip


def duty_of(user: User, village: Village) -> VisitDuty:
    """A household of its own that this person calls on."""
    return VisitDuty.objects.create(
        village=village, subject=make_household(village=village), kind="contact",
        from_on=date(2026, 1, 1), person=user.person,
    )  # fmt: skip


def import_of(user: User, village: Village, *rows: dict[str, str]) -> ImportBatch:
    """A sheet of the village this account brought in and has checked."""
    people = rows or (
        row("新来的", 村=village.name, 户号="777", 身份证号=make_id_number(order=777)),
    )
    by = Actor(name=user.person.name, role="x", person_id=user.person_id, user_id=user.pk)
    with reaching([village.pk]):
        batch = import_batches.take_file(
            township=village.township, village=village, file_name="农户.csv",
            content=as_csv(*people), by=by, at=NOON,
        )  # fmt: skip
        mapping = batch.mapping
        return import_batches.choose_columns(batch=batch, mapping=mapping, by=by, at=NOON)
