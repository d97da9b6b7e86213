"""How each unsafe act of the pages and the API is done by somebody who may do it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from accounts import operations as approvals
from accounts.models import Proposal, User
from households.operations import card_batches
from notices.queries import original
from scoring.models import Entry
from scoring.operations import closing, publishing
from tests.accounts.door import with_codes
from tests.authorization.acts_of_collection import ACTS_OF_COLLECTION
from tests.authorization.acts_of_files import FILE_ACTS
from tests.authorization.acts_of_imports import ACTS_OF_IMPORTS
from tests.authorization.acts_of_records import ACTS_OF_RECORDS
from tests.authorization.ground import CLOSED, OPEN, SHOWN, Ground, logged_in
from tests.authorization.owned import duty_of
from tests.authorization.routes import filled
from tests.factories import NOON, make_unit
from trail import clock

REQUEST = "0123456789abcdef" * 2
# What is sent where, and by whom.
Sent = tuple[str, str, dict[str, object]]
Act = Callable[[Ground], Sent]


def _number(ground: Ground, address: str) -> str:
    (value,) = ground.places["own"].by_route[address].values()
    return value


def _slug(ground: Ground) -> str:
    return ground.places["own"].stage.village.slug


def _month(ground: Ground, name: str, page: str) -> str:
    return f"staff/months/{name}/{_slug(ground)}/{page}"


def _waiting(ground: Ground) -> Proposal:
    return Proposal.objects.get(pk=_number(ground, "staff/proposals/<number>/"))


def _lock_asked_by_the_clerk(ground: Ground) -> Proposal:
    """As the page leaves it: asked by a log-in, which alone can take it back."""
    stage, waiting = ground.places["own"].stage, _waiting(ground)
    approvals.withdraw(proposal=waiting, by=stage.clerk, at=NOON)
    by = _actor(ground, "village_clerk")
    return closing.propose_lock(month=stage.month(OPEN), by=by, at=NOON)


def _actor(ground: Ground, role: str):
    user = ground.users[role]
    stage = ground.places["own"].stage
    return type(stage.clerk)(
        name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk
    )


def _open_by_pin(ground: Ground) -> Sent:
    return "anonymous", f"h/{ground.card.token}/verify/", {"pin": ground.card.pin}


def _export(ground: Ground) -> Sent:
    place = f"v{ground.places['own'].stage.village.pk}"
    typed = {"place": place, "what": "register", "form": "csv", "purpose": "核对"}
    return "village_clerk", "staff/exports/", typed


def _cancel_export(ground: Ground) -> Sent:
    _, address, typed = _export(ground)
    client = ground.visitor("village_clerk")
    made = client.post(f"/{address}", typed)["Location"]
    return "village_clerk", made.removeprefix("/"), {"act": "cancel"}


def _look_up(ground: Ground) -> Sent:
    return "village_clerk", "staff/households/find/", {"q": "13912345678"}


def _reveal(ground: Ground) -> Sent:
    values = ground.places["own"].by_route["staff/households/<number>/members/<member>/<field>/"]
    address = f"staff/households/{values['number']}/members/{values['member']}/id_number/"
    return "village_clerk", address, {"reason": "asked"}


def _reveal_phone(ground: Ground) -> Sent:
    number = _number(ground, "staff/people/<number>/phone/")
    return "village_clerk", f"staff/people/{number}/phone/", {"reason": "contact"}


def _adopt(ground: Ground) -> Sent:
    today = clock.today()
    version = _number(ground, "staff/rules/<slug>/<version>/approve/")
    typed = {
        "body": "representatives", "number": "3号", "adopted_on": today, "members": 30,
        "yes": 20, "no": 1, "abstain": 0, "effective_from": today + timedelta(1),
        "because": "改了三条",
    }  # fmt: skip
    return "village_clerk", f"staff/rules/{_slug(ground)}/{version}/approve/", typed


def _agree(ground: Ground) -> Sent:
    return "committee_member", f"staff/proposals/{_waiting(ground).pk}/", {"act": "approve"}


def _disagree(ground: Ground) -> Sent:
    typed = {"act": "refuse", "reason": "少一笔"}
    return "committee_member", f"staff/proposals/{_waiting(ground).pk}/", typed


def _withdraw(ground: Ground) -> Sent:
    asked = _lock_asked_by_the_clerk(ground)
    return "village_clerk", f"staff/proposals/{asked.pk}/", {"act": "withdraw"}


def _decide_by_api(ground: Ground) -> Sent:
    address = f"api/v1/proposals/{_waiting(ground).pk}/decision/"
    return "committee_member", address, {"decision": "refuse", "reason": "少一笔"}


def _withdraw_by_api(ground: Ground) -> Sent:
    asked = _lock_asked_by_the_clerk(ground)
    return "village_clerk", f"api/v1/proposals/{asked.pk}/withdrawal/", {"reason": "看错了"}


def _add_person(ground: Ground) -> Sent:
    return "township_clerk", "staff/people/add/", {"name": "新来的", "phone": "13700000000"}


def _of_person(page: str, typed: dict[str, object]) -> Act:
    def act(ground: Ground) -> Sent:
        number = _number(ground, f"staff/people/<person_id>/{page}")
        return "township_clerk", f"staff/people/{number}/{page}", typed

    return act


def _log_in(act: str) -> Act:
    """Of somebody who is logged in with a code; switched off before it is switched on."""

    def press(ground: Ground) -> Sent:
        address = "staff/people/<person_id>/log-ins/<user_id>/"
        values = ground.places["own"].by_route[address]
        user = User.objects.get(pk=values["user_id"])
        logged_in(user)
        with_codes(user)
        User.objects.filter(pk=user.pk).update(is_active=act != "resume")
        return "township_clerk", filled(address, values).removeprefix("/"), {"act": act}

    return press


def _grant(ground: Ground) -> Sent:
    number = _number(ground, "staff/people/<person_id>/grant/")
    typed = {
        "place": _slug(ground), "role": "collector", "from_on": clock.today(),
        "route": "elected", "because": "代表会推荐",
    }  # fmt: skip
    return "township_clerk", f"staff/people/{number}/grant/", typed


def _end_posting(ground: Ground) -> Sent:
    number = _number(ground, "staff/postings/<posting_id>/end/")
    return "township_clerk", f"staff/postings/{number}/end/", {"when": "now"}


def _add_unit(ground: Ground) -> Sent:
    address = f"staff/villages/{_slug(ground)}/units/"
    return "township_clerk", address, {"kind": "group", "name": "77组"}


def _rename_unit(ground: Ground) -> Sent:
    unit = make_unit(village=ground.places["own"].stage.village)
    address = f"staff/villages/{_slug(ground)}/units/"
    return "township_clerk", address, {"unit": unit.pk, "name": "88组"}


def _seen(ground: Ground) -> dict[str, object]:
    home = ground.places["own"].stage.home
    home.refresh_from_db()
    return {"household": home.pk, "seen": card_batches.standing_of([home])}


def _withdraw_card(ground: Ground) -> Sent:
    typed = _seen(ground)
    address = f"staff/cards/{_slug(ground)}/withdraw/{typed['household']}/"
    return "village_clerk", address, typed


def _issue_cards(ground: Ground) -> Sent:
    typed = {**_seen(ground), "request": REQUEST}
    return "village_clerk", f"staff/cards/{_slug(ground)}/issue/", typed


def _review(ground: Ground) -> Sent:
    stage = ground.places["own"].stage
    last = stage.enter(5)
    return "village_clerk", _month(ground, OPEN, "review/"), {"act": "reviewed", "seen": last}


def _ask_for_lock(ground: Ground) -> Sent:
    approvals.withdraw(proposal=_waiting(ground), by=ground.places["own"].stage.clerk, at=NOON)
    return "village_clerk", _month(ground, OPEN, "lock/"), {"act": "propose"}


def _answer_lock(act: str) -> Act:
    def answer(ground: Ground) -> Sent:
        typed = {"act": act, "proposal": _waiting(ground).pk, "reason": "少一笔"}
        return "committee_member", _month(ground, OPEN, "lock/"), typed

    return answer


def _ask_to_publish(ground: Ground) -> Sent:
    return "village_clerk", _month(ground, CLOSED, "notice/"), {"act": "propose"}


def _answer_notice(act: str) -> Act:
    def answer(ground: Ground) -> Sent:
        stage = ground.places["own"].stage
        notice = original(village_id=stage.village.pk, month=CLOSED, kind="points")
        assert notice is not None
        asked = publishing.propose(notice=notice, by=stage.clerk, at=NOON)
        typed = {
            "act": act, "proposal": asked.pk, "reason": "少一笔", "publish_on": clock.today(),
        }  # fmt: skip
        return "committee_member", _month(ground, CLOSED, "notice/"), typed

    return answer


def _ask_to_correct(ground: Ground) -> Sent:
    stage = ground.places["own"].stage
    wrong = Entry.objects.get(village=stage.village, month=SHOWN)
    typed = {
        "act": "propose", "household": stage.home.number, "reason": "多记了2分",
        f"entry_{wrong.pk}": "1", f"new_{wrong.pk}": 30,
    }  # fmt: skip
    return "township_clerk", _month(ground, SHOWN, "correct/"), typed


def _answer_correction(act: str) -> Act:
    def answer(ground: Ground) -> Sent:
        who, address, typed = _ask_to_correct(ground)
        ground.visitor(who).post(f"/{address}", typed)
        asked = Proposal.objects.get(kind=Proposal.Kind.CORRECTION)
        typed = {"act": act, "proposal": asked.pk, "reason": "少一笔"}
        return "committee_member", address, typed

    return answer


def _reverse(ground: Ground) -> Sent:
    number = _number(ground, "staff/months/<month>/<slug>/reverse/<number>/")
    typed = {"reason": "记了两次"}
    return "village_clerk", _month(ground, OPEN, f"reverse/{number}/"), typed


def _visit(ground: Ground) -> Sent:
    collector, village = ground.users["collector"], ground.places["own"].stage.village
    duty = duty_of(collector, village)
    typed = {"uuid": str(uuid4()), "visited_on": "2026-11-01", "channel": "home"}
    return "collector", f"staff/visits/mine/{duty.pk}/", typed


def _assign_contacts(ground: Ground) -> Sent:
    home, collector = ground.places["own"].stage.home, ground.users["collector"]
    address = f"staff/visits/in/{_slug(ground)}/contacts/?unit={home.unit_id}"
    return "village_clerk", address, {"person": collector.person_id, "household": home.pk}


def _split_unit(ground: Ground) -> Sent:
    home = ground.places["own"].stage.home
    typed = {"act": "split", "name": "新组", "subject": home.pk}
    return "township_clerk", f"staff/units/{home.unit_id}/", typed


def _merge_unit(ground: Ground) -> Sent:
    village = ground.places["own"].stage.village
    empty, into = make_unit(village=village, name="空组"), make_unit(village=village, name="9组")
    return "township_clerk", f"staff/units/{empty.pk}/", {"act": "merge", "into": into.pk}


def _close_unit(ground: Ground) -> Sent:
    empty = make_unit(village=ground.places["own"].stage.village, name="空组")
    return "township_clerk", f"staff/units/{empty.pk}/", {"act": "close"}


def _put_unit_in(ground: Ground) -> Sent:
    village = ground.places["own"].stage.village
    micro = make_unit(village=village, name="一排", kind="micro_grid")
    grid = make_unit(village=village, name="南网格", kind="grid")
    return "township_clerk", f"staff/units/{micro.pk}/", {"act": "parent", "parent": grid.pk}


def _fill_unit(ground: Ground) -> Sent:
    stage = ground.places["own"].stage
    area = make_unit(village=stage.village, name="广场", kind="service_area")
    return "township_clerk", f"staff/units/{area.pk}/fill/", {"subject": stage.home.pk}


def _draw(ground: Ground) -> Sent:
    person = ground.users["collector"].person_id
    typed = {"percent": "10", "until": "2026-12-01", "person": person}
    return "village_clerk", f"staff/visits/in/{_slug(ground)}/draw/", typed


MONTHS = "staff/months/<month>/<slug>/"
ACTS: dict[str, dict[str, Act]] = {
    **ACTS_OF_COLLECTION,
    "h/<token>/verify/": {"open": _open_by_pin},
    "api/v1/proposals/<pk>/decision/": {"decide": _decide_by_api},
    "api/v1/proposals/<pk>/withdrawal/": {"withdraw": _withdraw_by_api},
    "staff/exports/": {"ask": _export},
    "staff/exports/<number>/": {"cancel": _cancel_export},
    **FILE_ACTS,
    "staff/households/find/": {"look_up": _look_up},
    "staff/households/<number>/members/<member>/<field>/": {"reveal": _reveal},
    "staff/people/<number>/phone/": {"reveal": _reveal_phone},
    "staff/rules/<slug>/<version>/approve/": {"ask": _adopt},
    "staff/proposals/<number>/": {
        "agree": _agree, "disagree": _disagree, "withdraw": _withdraw,
    },
    "staff/people/add/": {"add": _add_person},
    "staff/people/<person_id>/edit/": {"edit": _of_person("edit/", {"name": "改了名"})},
    "staff/people/<person_id>/invite/": {"invite": _of_person("invite/", {"username": "ganbu1"})},
    "staff/people/<person_id>/log-ins/<user_id>/": {
        act: _log_in(act) for act in ("suspend", "resume", "end", "reset")
    },
    "staff/people/<person_id>/grant/": {"ask": _grant},
    "staff/postings/<posting_id>/end/": {"end": _end_posting},
    "staff/villages/<slug>/units/": {"add": _add_unit, "rename": _rename_unit},
    "staff/cards/<slug>/withdraw/<household>/": {"withdraw": _withdraw_card},
    "staff/cards/<slug>/issue/": {"issue": _issue_cards},
    "staff/ledger/<slug>/verify/": {
        "ask": lambda ground: ("village_clerk", f"staff/ledger/{_slug(ground)}/verify/", {})
    },
    f"{MONTHS}rate/": {"ask": lambda ground: ("village_clerk", _month(ground, OPEN, "rate/"), {})},
    f"{MONTHS}review/": {"review": _review},
    f"{MONTHS}lock/": {
        "ask": _ask_for_lock, "agree": _answer_lock("approve"), "disagree": _answer_lock("refuse"),
    },
    f"{MONTHS}notice/": {
        "ask": _ask_to_publish,
        "agree": _answer_notice("approve"),
        "disagree": _answer_notice("refuse"),
    },
    f"{MONTHS}correct/": {
        "ask": _ask_to_correct,
        "agree": _answer_correction("approve"),
        "disagree": _answer_correction("refuse"),
    },
    f"{MONTHS}reverse/<number>/": {"ask": _reverse},
    "staff/units/<number>/": {
        "split": _split_unit, "merge": _merge_unit, "close": _close_unit, "put_in": _put_unit_in,
    },
    "staff/units/<number>/fill/": {"fill": _fill_unit},
    **ACTS_OF_RECORDS,
    "staff/visits/mine/<number>/": {"visit": _visit},
    "staff/visits/in/<slug>/contacts/": {"assign": _assign_contacts},
    "staff/visits/in/<slug>/draw/": {"draw": _draw},
    **ACTS_OF_IMPORTS,
}  # fmt: skip
