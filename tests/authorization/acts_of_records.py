"""How what was collected is sent, taken back, returned and chosen between."""

from collections.abc import Callable
from datetime import timedelta

from households.models import CollectorPhone, ReportLink
from tests.authorization.ground import Ground
from tests.authorization.records_ground import make_record
from tests.factories import NOON

Sent = tuple[str, str, dict[str, object]]
Act = Callable[[Ground], Sent]
FILLED = {"contracted": "3.2", "spoken_by": "self", "consent": "on"}
DEVICE = "11111111-1111-4111-8111-111111111111"


def _phone(ground: Ground) -> Sent:
    return "collector", "api/v1/collection/phone/", {"device": DEVICE, "label": "小米"}


def _recall(ground: Ground) -> Sent:
    stage, collector = ground.places["own"].stage, ground.users["collector"].person
    record = make_record(stage, collector=collector, opened_at=None)
    return "collector", f"api/v1/collection/records/{record.uuid}/recall/", {}


def _give_back(ground: Ground) -> Sent:
    record = make_record(ground.places["own"].stage)
    return "village_clerk", f"staff/records/{record.pk}/return/", {"reason": "亩数不对"}


def _choose(ground: Ground) -> Sent:
    stage = ground.places["own"].stage
    make_record(stage, is_current=True)
    other = {"contracted": {"value": "9"}}
    record = make_record(stage, answers=other, state="conflict", receipt="", received_at=None)
    return (
        "village_clerk",
        f"staff/records/{record.pk}/choose/",
        {"q_contracted": "mine", "reason": "问过本人"},
    )


def _revoke(ground: Ground) -> Sent:
    number = ground.places["own"].by_route["staff/phones/<number>/revoke/"]["number"]
    return "village_clerk", f"staff/phones/{number}/revoke/", {}


def _restore(ground: Ground) -> Sent:
    number = ground.places["own"].by_route["staff/phones/<number>/restore/"]["number"]
    CollectorPhone.objects.filter(pk=number).update(revoked_at=NOON)
    return "village_clerk", f"staff/phones/{number}/restore/", {}


def _original(ground: Ground) -> Sent:
    number = ground.places["own"].by_route["staff/files/<number>/original/"]["number"]
    return "village_clerk", f"staff/files/{number}/original/", {}


def _task(ground: Ground) -> dict[str, object]:
    """The collector has the household of the card."""
    stage, collector = ground.places["own"].stage, ground.users["collector"].person
    record = make_record(stage, collector=collector)
    record.round.assignments.filter(subject=stage.home).update(collector=collector)
    return {"subject": stage.home.pk, "form": record.form_id, "round": record.round_id}


def _link(ground: Ground) -> Sent:
    return "collector", "api/v1/collection/links/", _task(ground)


def _revoke_link(ground: Ground) -> Sent:
    made = _made(ground)
    return "collector", f"api/v1/collection/links/{made.pk}/revoke/", {}


def _void_link(ground: Ground) -> Sent:
    return "village_clerk", f"staff/links/{_made(ground).pk}/revoke/", {}


def _made(ground: Ground) -> ReportLink:
    wanted, person = _task(ground), ground.users["collector"].person
    return ReportLink.objects.create(
        village=ground.places["own"].stage.village, subject_id=wanted["subject"],
        form_id=wanted["form"], round_id=wanted["round"], secret_digest=b"x", made_by=person,
        made_at=NOON, expires_at=NOON + timedelta(days=7),
    )  # fmt: skip


def _report(ground: Ground) -> Sent:
    return "household", f"h/{ground.card.token}/report/", FILLED


def _report_once(ground: Ground) -> Sent:
    secret = ground.places["own"].by_route["h/once/<secret>/"]["secret"]
    return "anonymous", f"h/once/{secret}/", FILLED


ACTS_OF_RECORDS: dict[str, dict[str, Act]] = {
    "h/<token>/report/": {"report": _report},
    "h/once/<secret>/": {"report": _report_once},
    "api/v1/collection/links/": {"make": _link},
    "api/v1/collection/links/<pk>/revoke/": {"revoke": _revoke_link},
    "api/v1/collection/phone/": {"tell": _phone},
    "api/v1/collection/records/<uuid>/recall/": {"recall": _recall},
    "staff/records/<number>/return/": {"return": _give_back},
    "staff/records/<number>/choose/": {"choose": _choose},
    "staff/phones/<number>/revoke/": {"revoke": _revoke},
    "staff/phones/<number>/restore/": {"restore": _restore},
    "staff/links/<number>/revoke/": {"void": _void_link},
    "staff/files/<number>/original/": {"read": _original},
}
