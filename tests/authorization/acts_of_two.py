"""How the second person agrees to each kind of proposal on its page, and what follows from it."""

from accounts.models import Proposal
from tests.authorization.acts import ACTS, Act, Sent
from tests.authorization.ground import Ground
from tests.factories import NOON, make_member, make_posting
from trail.clock import business_date
from villages.models import Person

MONTHS = "staff/months/<month>/<slug>/"
PERSONS = 201


def _done(ground: Ground, sent: Sent) -> str:
    """Where it leads; what came before is done in the same way."""
    who, address, typed = sent
    answer = ground.visitor(who).post(f"/{address}", typed)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].removeprefix("/")


def _agreeing(who: str, ask: Act, **typed: object) -> Act:
    """Somebody asks by the page, and `who` agrees on the proposal's page."""

    def agree(ground: Ground) -> Sent:
        _done(ground, ask(ground))
        asked = Proposal.objects.latest("pk")
        return who, f"staff/proposals/{asked.pk}/", {"act": "approve", **typed}

    return agree


def _ask_for_link(ground: Ground) -> Sent:
    """For somebody whose post confirms what others do."""
    who, address, typed = ACTS["staff/people/<person_id>/invite/"]["invite"](ground)
    officer = Person.objects.get(pk=address.split("/")[2])
    make_posting(
        person=officer, role="committee_member", village=ground.places["own"].stage.village
    )
    return who, address, {**typed, "because": "新上任"}


def _adopt(ground: Ground) -> Sent:
    """From a day that is to come for the database's clock too, which the tests do not set."""
    who, address, typed = ACTS["staff/rules/<slug>/<version>/approve/"]["ask"](ground)
    return who, address, {**typed, "effective_from": "2099-01-01"}


def _hand_over(ground: Ground) -> Sent:
    agree = _agreeing("township_administrator", _ask_for_link)(ground)
    _done(ground, agree)
    return agree[0], f"{agree[1]}link/", {}


def _large_export(ground: Ground) -> Sent:
    home = ground.places["own"].stage.home
    for number in range(PERSONS):
        make_member(household=home, name=f"人{number}")
    return ACTS["staff/exports/"]["ask"](ground)


def _start_export(ground: Ground) -> Sent:
    asked = _large_export(ground)
    made = _done(ground, asked)
    proposal = Proposal.objects.latest("pk")
    _done(ground, ("supervision_member", f"staff/proposals/{proposal.pk}/", {"act": "approve"}))
    return asked[0], made, {"act": "start"}


ACTS_OF_TWO: dict[str, dict[str, Act]] = {
    "staff/people/<person_id>/invite/": {"ask": _ask_for_link},
    "staff/exports/": {"ask for many": _large_export},
    "staff/exports/<number>/": {"start": _start_export},
    "staff/proposals/<number>/link/": {"hand over": _hand_over},
    "staff/proposals/<number>/": {
        "publish": _agreeing(
            "committee_member", ACTS[f"{MONTHS}notice/"]["ask"],
            publish_on=business_date(NOON),
        ),
        "correct": _agreeing("committee_member", ACTS[f"{MONTHS}correct/"]["ask"]),
        "reverse": _agreeing("committee_member", ACTS[f"{MONTHS}reverse/<number>/"]["ask"]),
        "adopt": _agreeing("supervision_member", _adopt),
        "grant": _agreeing(
            "township_administrator", ACTS["staff/people/<person_id>/grant/"]["ask"]
        ),
        "link": _agreeing("township_administrator", _ask_for_link),
        "export": _agreeing("supervision_member", _large_export),
    },
}  # fmt: skip
