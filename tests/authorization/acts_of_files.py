"""How each act on a file is done by the clerk of its village."""

from collections.abc import Callable
from datetime import date

from households.models import Channel, Consent, Member, Subject
from households.operations.files.consents import Given, give
from tests.authorization.ground import Ground
from tests.factories import NOON, make_household, make_member, make_unit

Sent = tuple[str, str, dict[str, object]]
Act = Callable[[Ground], Sent]
DAY = "2026-11-01"


def _home(ground: Ground) -> Subject:
    return ground.places["own"].stage.home


def _head(ground: Ground) -> Member:
    return Member.objects.filter(subject=_home(ground), state=Member.State.ACTIVE).first()


def _typed(ground: Ground, code: str) -> dict[str, object]:
    home, village = _home(ground), _home(ground).village
    if code in ("head", "split"):
        other = make_member(household=home, name="张大", relation="长子")
        group = make_unit(village=village, name="66组").pk
        more = {"people": [other.pk], "unit": group, "number": "661", "points": 3}
        return {"head": other.pk, **(more if code == "split" else {})}
    if code == "merge":
        neighbour = make_household(village=village, number="771", name="邻居")
        return {"place": f"{neighbour.unit.name}{neighbour.number}"}
    if code == "renumber":
        return {"unit": make_unit(village=village, name="66组").pk, "number": "662"}
    if code == "consent":
        return {"purpose": "publish_masked", "channel": "home"}
    if code == "withdraw":
        given = Given(Consent.Purpose.PHOTO, Channel.HOME, Consent.GivenBy.HEAD, NOON.date())
        give(subject=home, given=given, at=NOON)
        return {"consent": Consent.objects.latest("pk").pk}
    if code == "close":
        Member.objects.filter(subject=home).update(state=Member.State.LEFT)
    if code == "reopen":
        Subject.objects.filter(pk=home.pk).update(state=Subject.State.CLOSED)
    return {"name": "张新", "relation": "次子"} if code == "add" else {}


def on_file(code: str) -> Act:
    def act(ground: Ground) -> Sent:
        typed = {"on": DAY, "sure": "1", **_typed(ground, code)}
        return "village_clerk", f"staff/households/{_home(ground).pk}/acts/{code}/", typed

    return act


def _of_person(ground: Ground, code: str, member: Member) -> dict[str, object]:
    if code == "edit":
        return {"name": member.name, "relation": "户主", "remark": "改过"}
    if code == "move":
        neighbour = make_household(village=member.village, number="772", name="邻居")
        return {"place": f"{neighbour.unit.name}{neighbour.number}", "relation": "侄子"}
    if code == "admit":
        waits = Member.State.AWAITING_CONSENT
        Member.objects.filter(pk=member.pk).update(state=waits, birth_on=date(2018, 6, 1))
        return {"channel": "home"}
    if code == "erase":
        return {"reason": "asked"}
    if code == "back":
        Member.objects.filter(pk=member.pk).update(state=Member.State.LEFT)
        return {"relation": "户主"}
    return {}


def on_person(code: str) -> Act:
    def act(ground: Ground) -> Sent:
        member = _head(ground)
        typed = {"on": DAY, "sure": "1", **_of_person(ground, code, member)}
        address = f"staff/households/{member.subject_id}/people/{member.pk}/{code}/"
        return "village_clerk", address, typed

    return act


def _open_file(ground: Ground) -> Sent:
    typed = {"kind": "operator", "number": "J77", "name": "农机合作社"}
    return "village_clerk", "staff/households/add/", typed


def _copy(ground: Ground) -> Sent:
    member = _head(ground)
    address = f"staff/households/{member.subject_id}/people/{member.pk}/copy/"
    return "village_clerk", address, {"form": "json"}


FILE_ACTS: dict[str, dict[str, Act]] = {
    "staff/households/add/": {"open": _open_file},
    "staff/households/<number>/people/<person>/copy/": {"copy": _copy},
    "staff/households/<number>/acts/<act>/": {
        code: on_file(code)
        for code in (
            "add",
            "head",
            "split",
            "merge",
            "renumber",
            "consent",
            "withdraw",
            "close",
            "reopen",
        )  # fmt: skip
    },
    "staff/households/<number>/people/<person>/<act>/": {
        code: on_person(code)
        for code in ("edit", "move", "away", "death", "back", "admit", "erase")
    },
}
