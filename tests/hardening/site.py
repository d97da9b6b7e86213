"""A village with everything on show, somebody who may do everything there, and where to look."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from notices.models import Notice
from tests.desk.household_stage import Carded, set_carded_stage
from tests.factories import make_staff
from tests.routes import Route, routes


@dataclass
class Site:
    """The stage, its most powerful log-in, and an address for each route."""

    carded: Carded
    staff: User
    values: dict[str, str] = field(default_factory=dict)

    def client(self, *, logged_in: bool = True, **more) -> Client:
        """A browser that gets the error pages instead of a Python exception."""
        client = Client(raise_request_exception=False, **more)
        if logged_in:
            client.force_login(self.staff)
        return client

    def addresses(self) -> list[tuple[Route, str]]:
        return [(route, route.address(self.values)) for route in routes()]


def set_site() -> Site:
    carded = set_carded_stage()
    village = carded.stage.village
    notice = Notice.objects.get(village=village)
    staff = make_staff(name="赵镇长", role="township_administrator", township=village.township)
    values = {
        "slug": village.slug,
        "month": "2026-10",
        "token": carded.card.token,
        "number": notice.number,
        "name": "large",
        "app_label": "villages",
    }
    return Site(carded, staff, values)


def body(response: HttpResponse) -> str:
    """The text of an answer, of a file too."""
    raw = b"".join(response) if response.streaming else response.content
    return raw.decode(errors="replace")
