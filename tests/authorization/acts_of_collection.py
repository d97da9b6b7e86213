"""How each unsafe act of forms and rounds is done by somebody who may do it."""

from collections.abc import Callable

from households.models import Assignment, CollectionForm, CollectionRound
from households.operations.assigning import assign
from households.operations.forms import put_in_use
from households.operations.rounds import open_round
from households.queries.assignments import collectors_in
from tests.authorization.ground import Ground
from tests.factories import NOON
from trail.clock import business_date

Sent = tuple[str, str, dict[str, object]]
Act = Callable[[Ground], Sent]
FORM, ROUND = "staff/forms/<number>/", "staff/rounds/<number>/"


def _form(ground: Ground) -> CollectionForm:
    number = ground.places["own"].by_route[FORM]["number"]
    return CollectionForm.objects.get(pk=number)


def _of_form(act: str, **typed: object) -> Act:
    return lambda ground: (
        "township_clerk", f"staff/forms/{_form(ground).pk}/", {"act": act, **typed}
    )  # fmt: skip


def _of_a_used_form(act: str) -> Act:
    def press(ground: Ground) -> Sent:
        used = put_in_use(form=_form(ground), by=ground.places["own"].stage.clerk, at=NOON)
        return "township_clerk", f"staff/forms/{used.pk}/", {"act": act}

    return press


def _below(page: str, **typed: object) -> Act:
    return lambda ground: ("township_clerk", f"staff/forms/{_form(ground).pk}/{page}", typed)


def _round(ground: Ground) -> CollectionRound:
    return CollectionRound.objects.get(pk=ground.places["own"].by_route[ROUND]["number"])


def _plan(ground: Ground, **more: object) -> dict[str, object]:
    (asked,) = _round(ground).forms.all()
    days = {"opens_on": "2026-11-01", "closes_on": "2026-12-01"}
    return {"title": "春季", "forms": [asked.pk], **days, **more}


def _add_round(ground: Ground) -> Sent:
    return "township_clerk", "staff/rounds/add/", _plan(ground)


def _edit_round(ground: Ground) -> Sent:
    return "township_clerk", f"staff/rounds/{_round(ground).pk}/edit/", _plan(ground)


def _of_round(act: str, *, is_open: bool, **typed: object) -> Act:
    def press(ground: Ground) -> Sent:
        found = _round(ground)
        if is_open:
            open_round(round_=found, by=ground.places["own"].stage.clerk, at=NOON)
        return "township_clerk", f"staff/rounds/{found.pk}/", {"act": act, **typed}

    return press


def _share(ground: Ground) -> Sent:
    return "township_clerk", f"staff/rounds/{_round(ground).pk}/assign/", {"how": "evenly"}


def _in_village(act: str, **typed: object) -> Act:
    """With a file that is given already, unless it is given by hand."""

    def press(ground: Ground) -> Sent:
        stage, found = ground.places["own"].stage, _round(ground)
        here = collectors_in(village_ids=[stage.village.pk], on=business_date(NOON))
        first, second = here[stage.village.pk][:2]
        if act in ("withdraw", "pass_on"):
            assign(
                round_=found, village=stage.village, by=stage.clerk, at=NOON,
                collector_of={stage.home.pk: first.pk},
            )  # fmt: skip
        address = f"staff/rounds/{found.pk}/assign/{stage.village.slug}/"
        whom = {"file": stage.home.pk, "collector": first.pk, "successor": second.pk}
        return "township_clerk", address, {"act": act, **whom, **typed}

    return press


def _draw(ground: Ground) -> Sent:
    found, home = _round(ground), ground.places["own"].stage.home
    open_round(round_=found, by=ground.places["own"].stage.clerk, at=NOON)
    here = collectors_in(village_ids=[home.village_id], on=business_date(NOON))[home.village_id]
    Assignment.objects.filter(round=found).delete()
    Assignment.objects.create(
        village_id=home.village_id, round=found, subject=home, collector=here[0],
        state="done", assigned_at=NOON, done_at=NOON,
    )  # fmt: skip
    return "township_clerk", f"staff/rounds/{found.pk}/checks/", {"percent": 10}


def _key_in(ground: Ground) -> Sent:
    found, home = _round(ground), ground.places["own"].stage.home
    open_round(round_=found, by=ground.places["own"].stage.clerk, at=NOON)
    typed = {
        "paper-uuid": "00000000-0000-4000-8000-000000000001", "paper-filled_on": "2026-10-31",
        "paper-spoken_by": "self", "land": "3",
    }  # fmt: skip
    return "village_clerk", f"staff/rounds/{found.pk}/papers/{home.pk}/", typed


ACTS_OF_COLLECTION: dict[str, dict[str, Act]] = {
    "staff/forms/add/": {
        "pack": lambda ground: ("township_clerk", "staff/forms/add/", {"start": "household"})
    },
    FORM: {
        "section": _of_form("add_section", title="住房"),
        "rename": _of_form("rename", title="小表"),
        "rename_section": _of_form("rename_section", piece="farm", title="土地"),
        "up": _of_form("up", piece="land"),
        "remove": _of_form("remove", piece="land"),
        "use": _of_form("use"),
        "retire": _of_a_used_form("retire"),
        "next": _of_a_used_form("next"),
    },
    f"{FORM}questions/": {
        "add": _below("questions/", section="farm", kind="text", label="种什么"),
    },
    f"{FORM}questions/<code>/": {
        "change": _below("questions/land/", label="承包的地", decimals="0"),
    },
    f"{FORM}questions/<code>/when/": {
        "set": _below("questions/land/when/", after="farms", answers=["yes"]),
    },
    "staff/rounds/add/": {"add": _add_round},
    ROUND: {
        "open": _of_round("open", is_open=False),
        "close": _of_round("close", is_open=True),
        "move": _of_round("move", is_open=True, closes_on="2026-12-24"),
    },
    f"{ROUND}edit/": {"edit": _edit_round},
    f"{ROUND}assign/": {"share": _share},
    f"{ROUND}assign/<slug>/": {
        "share": _in_village("share", how="by_unit"),
        "hand": _in_village("hand"),
        "withdraw": _in_village("withdraw"),
        "pass_on": _in_village("pass_on"),
    },
    f"{ROUND}checks/": {"draw": _draw},
    f"{ROUND}papers/<subject>/": {"key in": _key_in},
}
