"""What was collected in a village of the matrix: a record that was opened, its photo, a phone."""

from uuid import uuid4

from files.models import Attachment
from files.operations import Piece, receive_piece
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    CollectorPhone,
    Visit,
)
from households.operations.links import make_link
from tests.factories import NOON, make_person
from tests.households.collection_stage import make_form, make_round, photo, sha_of
from tests.scoring.stage import Stage
from villages.models import Person

Values = dict[str, str]


def lay_records(stage: Stage) -> dict[str, Values]:
    """The rows, and what each address calls them."""
    record = make_record(stage)
    phone = make_phone(stage, record.collector)
    kept = _photo(stage)
    link, secret = make_link(
        subject=stage.home, form=record.form, round_=record.round,
        person_id=record.collector_id, by=stage.clerk, at=NOON,
    )  # fmt: skip
    staff = "staff/records/<number>/"
    return {
        **{f"{staff}{page}": _number(record) for page in ("", "return/", "choose/")},
        "staff/visits/<number>/": _number(_visit(stage, record.collector)),
        "h/once/<secret>/": {"secret": secret},
        "api/v1/collection/links/<pk>/revoke/": {"pk": str(link.pk)},
        "staff/links/<number>/revoke/": _number(link),
        "staff/files/<number>/": _number(kept),
        "staff/files/<number>/original/": _number(kept),
        "staff/phones/<number>/revoke/": _number(phone),
        "staff/phones/<number>/restore/": _number(phone),
    }


def make_record(
    stage: Stage, *, collector: Person | None = None, answers: object = None, **more: object
) -> CollectionRecord:
    """Received, opened, and the collector's task done."""
    form, around = _form_and_round(stage)
    person = collector or make_person(name="采集的")
    Assignment.objects.get_or_create(
        village=stage.village, round=around, subject=stage.home, purpose="collect",
        defaults={"collector": person, "assigned_at": NOON},
    )  # fmt: skip
    values = {
        "state": "received", "receipt": "A7F3", "received_at": NOON, "opened_at": NOON, **more,
    }  # fmt: skip
    return CollectionRecord.objects.create(
        village=stage.village, subject=stage.home, round=around, form=form, form_code=form.code,
        uuid=uuid4(), channel="home", spoken_by="self", body_sha256=b"x", collector=person,
        answers=answers or {"contracted": {"value": "3.2"}}, filled_at=NOON, arrived_at=NOON,
        **values,
    )  # fmt: skip


def make_phone(stage: Stage, person: Person) -> CollectorPhone:
    return CollectorPhone.objects.create(
        township=stage.village.township, person=person, device=uuid4(), label="小米",
        drafts=[], seen_at=NOON,
    )  # fmt: skip


def _form_and_round(stage: Stage) -> tuple[CollectionForm, CollectionRound]:
    township = stage.village.township
    form = CollectionForm.objects.filter(township=township, code="matrix").first()
    if form is None:
        form = make_form(township=township, code="matrix")
        return form, make_round(township=township, forms=[form])
    return form, CollectionRound.objects.get(township=township, forms=form)


def _photo(stage: Stage) -> Attachment:
    content = photo(size=(8 + stage.village.pk % 50, 8))
    kept, _taken = receive_piece(
        village_id=stage.village.pk,
        sha256=sha_of(content),
        piece=Piece(0, len(content), content),
        by=stage.clerk,
        at=NOON,
    )
    return kept


def _visit(stage: Stage, person: Person) -> Visit:
    return Visit.objects.create(
        village=stage.village, subject=stage.home, person=person, uuid=uuid4(), kind="contact",
        visited_on=NOON.date(), channel="home", recorded_at=NOON,
    )  # fmt: skip


def _number(row) -> Values:
    return {"number": str(row.pk)}
