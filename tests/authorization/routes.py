"""Every route of the resolver, the API's included, and its reviewed lines (expected.csv)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.roles import OF_A_TOWNSHIP, Action, actions_of
from tests import routes as resolver

TABLE = Path(__file__).with_name("expected.csv")
COLUMNS = ("address", "methods", "body", "needs", "where", "answer", "denied", "except")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PASSERS_BY = ("anonymous", "household")
# Not an action: what anybody, anybody logged in, anybody with a post, or a PIN may see.
OTHER_NEEDS = {"public", "login", "post", "household", "nobody", "method"}
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Line:
    """Routes are answered alike for all `methods` of a line."""

    address: str
    methods: tuple[str, ...]
    body: str
    needs: str
    where: str
    answer: str
    denied: str
    exceptions: dict[str, str]

    @property
    def title(self) -> str:
        return f"/{self.address} {self.body}".strip()

    @property
    def actions(self) -> frozenset[str]:
        """Any of them is enough."""
        return frozenset(self.needs.split("|")) & frozenset(Action)

    def expected(self, visitor: str, nearness: str) -> str:
        """What this visitor gets for the thing that lies so near: a word of the file's header."""
        if visitor in self.exceptions:
            return self.exceptions[visitor]
        if self.needs in ("public", "method"):
            return self._of_what_is_there(nearness)
        if self.needs == "household":
            return self._of_a_household(visitor, nearness)
        needs_a_post = self.address.startswith("admin/")
        if visitor in PASSERS_BY or (needs_a_post and visitor == "no_post"):
            return "login"
        if self.needs in ("login", "post"):
            return self._of_what_is_there(nearness)
        if self.actions & actions_of(visitor):
            return self.answer if self._reaches(visitor, nearness) else "missing"
        return "missing" if (self.where, nearness) == ("any", "missing") else self.denied

    def _of_what_is_there(self, nearness: str) -> str:
        return "missing" if self.where and not self._is_there(nearness) else self.answer

    def _is_there(self, nearness: str) -> bool:
        return nearness == "own" if self.where == "own" else nearness != "missing"

    def _of_a_household(self, visitor: str, nearness: str) -> str:
        if nearness == "missing":
            return "missing"
        return self.answer if (visitor, nearness) == ("household", "own") else self.denied

    def _reaches(self, visitor: str, nearness: str) -> bool:
        wide = visitor in OF_A_TOWNSHIP
        return {
            "": True,
            "any": nearness != "missing",
            "own": nearness == "own",
            "township": wide and nearness == "own",
            "town": nearness in ("own", "same", "near"),
            "village": nearness in ("own", "same") or (wide and nearness == "near"),
        }[self.where]


def table() -> list[Line]:
    """The reviewed lines, in the file's order."""
    text = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row[:1] != "#"]
    return [_line(row) for row in csv.DictReader(text)]


def _line(row: dict[str, str]) -> Line:
    return Line(
        address=row["address"].removeprefix("/"),
        methods=tuple(row["methods"].split()),
        body=row["body"],
        needs=row["needs"],
        where=row["where"],
        answer=row["answer"],
        denied=row["denied"] or "missing",
        exceptions=dict(pair.split("=") for pair in row["except"].split()),
    )


def parts(address: str) -> list[str]:
    return PART.findall(address)


def addresses() -> list[str]:
    """All of them, once each, without the kinds of their parts: `staff/audit/<number>/`."""
    return list(dict.fromkeys(PART.sub(r"<\1>", one.pattern) for one in resolver.routes()))


def filled(text: str, values: dict[str, str]) -> str:
    """An address or body with its parts; a part that nobody named is a mistake of the tests."""
    return PART.sub(lambda found: values[found[1]], text)


def without_a_line(lines: list[Line]) -> Iterator[str]:
    """For each route and method that no line speaks of, the line to add."""
    told = {(line.address, method) for line in lines for method in line.methods}
    for address in addresses():
        missing = [method for method in METHODS if (address, method) not in told]
        if missing:
            where = "village" if parts(address) else ""
            yield f"/{address},{' '.join(missing)},,AN_ACTION,{where},page,,"


def without_a_route(lines: list[Line]) -> list[str]:
    """Lines about what is no more."""
    known = set(addresses())
    return [line.title for line in lines if line.address not in known]
