"""A village with a ledger, its neighbour, one elsewhere, and who asks the API about them."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.desk.staff_stage import Office, logged_in, open_office
from tests.factories import make_household

BASE = "/api/v1/"
LISTS = (
    "villages", "units", "subjects", "entries", "balances", "months", "rule-books", "items",
)  # fmt: skip
# Lists with an address for each row, and what the row is called there.
RECORDS = ("units", "subjects", "entries", "months", "rule-books", "items")


@dataclass
class Caller:
    """Somebody's client, asking for JSON."""

    client: Client

    def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        """The body of the answer."""
        answer = self.client.get(BASE + path, query)
        assert answer.status_code == status, (answer.status_code, answer.content)
        assert answer["Content-Type"] == "application/json"
        return answer.json()

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The rows of a list."""
        return self.get(path, **query)["results"]


@dataclass
class World:
    """The office of the staff pages as programs see it."""

    office: Office
    lin: Caller
    zhao: Caller
    anyone: Caller

    @property
    def village(self):
        return self.office.stage.village

    @property
    def neighbour(self):
        return self.office.neighbour.village


def open_world() -> World:
    """Lin keeps the village's book; Zhao's township is another."""
    office = open_office()
    make_household(village=office.stage.village, number="K901", name="欧阳娜娜")
    make_household(village=office.neighbour.village, number="K902", name="司马相如")
    return World(
        office=office,
        lin=Caller(office.lin),
        zhao=Caller(logged_in(office.people["zhao"])),
        anyone=Caller(Client()),
    )


def without_reference(body: dict[str, Any]) -> dict[str, Any]:
    """A refusal beside the number of its request."""
    return {name: value for name, value in body.items() if name != "reference"}
