"""Every route × method × role × nearness is answered as expected.csv says (B-01, T-02, T-03).

A group is one test, so that a change shows all its differences at once. Every cell is asked in a
savepoint of its own and rolled back; nobody sees what another cell did.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.roles import OF_A_TOWNSHIP, ROLES, Action
from tests.authorization.asking import ask, same_bytes, told
from tests.authorization.ground import (
    NO_SUCH_NUMBER,
    Ground,
    admin_models,
    invitation_to,
    lay_desk,
    lay_ground,
    logged_in,
    row_of,
)
from tests.authorization.owned import made_by
from tests.authorization.routes import (
    COLUMNS,
    METHODS,
    OTHER_NEEDS,
    PASSERS_BY,
    TABLE,
    Line,
    filled,
    parts,
    table,
    without_a_line,
    without_a_route,
)
from tests.factories import NOON, make_staff

LINES = table()
GROUPS = {
    "public": lambda line: not line.address.startswith(("api/", "staff/", "admin/")),
    "api": lambda line: line.address.startswith("api/"),
    "account": lambda line: line.address.startswith(("staff/account", "staff/in", "staff/log")),
    "months": lambda line: line.address.startswith("staff/months"),
    "persons": lambda line: line.address.startswith(("staff/p", "staff/v", "staff/t", "staff/r")),
    "records": lambda line: line.address.startswith("staff/"),
    "desk": lambda line: line.address.startswith("admin/"),
}
# Who asks where the answer depends on nobody, and by the methods that no page has.
FEW = ("anonymous", "village_clerk", "township_administrator", "no_post")
FROM_NEAR_TO_FAR = ("own", "same", "near", "other", "missing")
MISSING = {
    "slug": "nowhere", "token": "0000000000", "code": "999999999", "version": "999",
    "name": "nothing", "group": "no-group", "page": "queue/",
}  # fmt: skip
LEAST_CELLS = 15_000


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def _group(line: Line) -> str:
    return next(name for name, holds in GROUPS.items() if holds(line))


def _crowd(line: Line, method: str, nearness: str) -> set[str]:
    """Who asks: everybody at home; from afar of acts only who acts at home, of the desk a few."""
    everybody = {*ROLES, "no_post", *PASSERS_BY}
    if method not in ("GET", "POST") or (method == "POST" and _desk(line)):
        return {"village_clerk"} if _desk(line) else {"village_clerk", "anonymous"}
    if line.needs in ("public", "method", "nobody", "post"):
        return {*FEW, *line.exceptions}
    if _desk(line) and (nearness != "own" or line.answer == "refused"):
        return {*FEW, "auditor"}
    if nearness == "near":
        return {*OF_A_TOWNSHIP, "village_clerk", "auditor"}
    if nearness in ("other", "missing") and method == "POST":
        return {who for who in everybody if line.expected(who, "own") == line.answer} | {*FEW}
    return everybody


def _desk(line: Line) -> bool:
    return line.address.startswith("admin/")


def _cells(lines: list[Line]) -> Iterator[tuple[Line, str, str, str]]:
    """Line, method, visitor, nearness."""
    for line in lines:
        for method in line.methods:
            near_only = method not in ("GET", "POST") or line.needs == "method" or not line.where
            for nearness in ("own",) if near_only else FROM_NEAR_TO_FAR:
                for visitor in sorted(_crowd(line, method, nearness)):
                    yield line, method, visitor, nearness


def test_b_01_no_route_without_a_line():
    missing = list(without_a_line(LINES))
    assert not missing, "add to expected.csv:\n" + "\n".join(missing)
    assert without_a_route(LINES) == []


def test_the_table_is_in_order():
    rows = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row[:1] != "#"]
    assert tuple(rows[0].split(",")) == COLUMNS
    assert rows[1:] == sorted(rows[1:])
    for line in LINES:
        assert line.actions or line.needs in OTHER_NEEDS, line
        assert set(line.needs.split("|")) <= {*Action, *OTHER_NEEDS}, line
        assert set(line.methods) <= set(METHODS), line


def test_b_01_the_matrix_is_no_small_one():
    assert len(list(_cells(LINES))) >= LEAST_CELLS


@pytest.mark.parametrize("group", [name for name in GROUPS if name != "desk"])
def test_b_01_every_answer_is_the_expected_one(db, group):
    ground = lay_ground()
    values = _Values(ground)
    _asked(group, ground.visitors(), values)


def test_b_01_every_answer_of_the_records_desk_is_the_expected_one(db):
    villages, users = lay_desk()
    models = admin_models()

    def values(line: Line, visitor: str, nearness: str) -> dict[str, str] | None:
        found = {
            "app_label": "households", "url": "nothing", "content_type_id": "1", "object_id": "1",
        }  # fmt: skip
        model = next((one for at, one in models.items() if line.address.startswith(at)), None)
        if nearness in ("same", "near"):
            return None
        if nearness == "missing":
            return {**found, "object_id": NO_SUCH_NUMBER, "app_label": "nothing"}
        if model is not None and parts(line.address):
            found["object_id"] = row_of(model, villages[nearness])
        return found

    clients = {name: logged_in(user) for name, user in users.items()}
    passers = {name: Client(raise_request_exception=False) for name in ("household", "anonymous")}
    _asked("desk", {**clients, **passers}, values)


class _Values:
    """What the parts of an address are called, for a visitor and how near the thing lies."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._made: dict[tuple[str, str, str], str | None] = {}
        _, self._invitation = invitation_to("zhao", ground.places["own"].stage)
        self._colleague = make_staff(
            name="同事", role="village_clerk", village=ground.places["own"].stage.village
        )

    def __call__(self, line: Line, visitor: str, nearness: str) -> dict[str, str] | None:
        """None where this is the same thing as a nearer one."""
        places, address = self._ground.places, line.address
        own = self._named(line, visitor, "own")
        if nearness == "missing":
            moved = self._named(line, visitor, "other")
            named = set(parts(address + line.body))
            gone = {name for name in named if own.get(name) != moved.get(name)}
            return {**own, **{name: MISSING.get(name, NO_SUCH_NUMBER) for name in gone}}
        if nearness not in places:
            return None
        found = self._named(line, visitor, nearness)
        same = all(found.get(name) == own.get(name) for name in parts(address + line.body))
        return None if same and nearness != "own" else found

    def _named(self, line: Line, visitor: str, nearness: str) -> dict[str, str]:
        found = {"name": "large", **self._ground.places[nearness].values(line.address)}
        if line.address == "size/<name>/" and nearness != "own":
            found["name"] = "standard"
        mine = self._ground.users.get(visitor) if nearness == "own" else None
        key = (line.address, nearness, visitor if mine else "")
        if key not in self._made:
            village = self._ground.places[nearness].stage.village
            maker = mine or self._colleague
            self._made[key] = made_by(maker, village, address=line.address)
        if number := self._made[key]:
            found["number"] = number
        if line.address == "staff/invite/<token>/":
            found["token"] = self._invitation if nearness == "own" else "x"
        return found


def _asked(group: str, clients: dict[str, Client], values) -> None:
    """Ask for every cell of the group; one failure for all that differ."""
    lines = [line for line in LINES if _group(line) == group]
    wrong: list[str] = []
    absent: dict[tuple[str, str, str], HttpResponse] = {}
    asked = 0
    for line, method, visitor, nearness in _cells(lines):
        named = values(line, visitor, nearness)
        if named is None:
            continue
        asked += 1
        answer = _answer(clients[visitor], line, method, named)
        found, wanted = told(answer), line.expected(visitor, nearness)
        cell = f"{method} {line.title} as {visitor}, {nearness}"
        if found != wanted:
            wrong.append(f"{cell}: {found}, expected {wanted}")
        if nearness in ("other", "missing") and wanted == "missing":
            before = absent.setdefault((line.title, method, visitor), answer)
            if not same_bytes(before, answer):
                wrong.append(f"{cell}: not the same bytes as for another village")
    assert asked, group
    assert not wrong, f"{len(wrong)} of {asked} cells differ:\n" + "\n".join(wrong)


def _answer(client: Client, line: Line, method: str, named: dict[str, str]) -> HttpResponse:
    address, body = "/" + filled(line.address, named), filled(line.body, named)
    if method in ("GET", "HEAD") and body:
        address, body = f"{address}?{body}", ""
    return ask(client, method, address, dict(parse_qsl(body, keep_blank_values=True)))


def test_the_bytes_are_compared_indeed():
    first, second = HttpResponse("没有这一页", status=404), HttpResponse("不是您的", status=404)
    assert not same_bytes(first, second)
    assert same_bytes(first, HttpResponse("没有这一页", status=404))
    assert re.fullmatch(r"\w+", told(first))
