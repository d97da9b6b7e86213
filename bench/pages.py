"""Rows 8 and 10: what people wait for, a notice page and the staff's lists."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse

from accounts import operations as approvals
from accounts.registration import create_user
from bench.ground import BY, LAST_MONTH, Furnished, Ground, persons
from bench.measuring import Bar, Fact, Row, Way, timed
from desk.demo.accounts import PASSWORD, SINCE
from notices import operations as notices
from notices import sheets
from notices.models import Notice
from scoring.operations import closing
from scoring.queries import months
from trail import clock
from villages.operations import NewPosting, add_person, open_posting

HOUSEHOLDS, ENTRIES = 663, 7_500
LISTS = (
    "households_subject", "scoring_entry", "scoring_balance", "scoring_monthlytotal",
    "scoring_rating", "scoring_item",
)  # fmt: skip


def empty(request: HttpRequest) -> HttpResponse:
    """A page of the records desk with nothing on it."""
    return TemplateResponse(request, "admin/base_site.html", admin.site.each_context(request))


# The site's own addresses, and the empty page beside them.
urlpatterns = [
    path("bench/empty/", admin.site.admin_view(empty), name="bench_empty"),
    path("", include("config.urls")),
]


def notice(ground: Ground, *, amount: int) -> Row:
    """Row 8: the page as it is kept, and rendered for each request."""
    _collect_static()
    address = _published(ground)
    client = Client(SERVER_NAME="127.0.0.1")
    ours = Way("kept page", amount, timed(lambda: _get(client, [address] * amount)))
    again = timed(lambda: _get(client, [address] * amount, before=sheets.forget))
    naive = Way("rendered per request", amount, again)
    _get(client, [address])
    with CaptureQueriesContext(connection) as queries:
        _get(client, [address])
    return Row(
        number=8,
        title=f"published notice page of {HOUSEHOLDS} households",
        unit="pages",
        ways=[ours, naive],
        bars=[Bar(ours.name, naive.name, "speed", 6, 15)],
        facts=[Fact("queries of a kept page", str(len(queries)), len(queries) == 1)],
    )


def lists(ground: Ground, *, amount: int) -> Row:
    """Row 10: each list of the records desk with 100 rows, beside an empty page of the desk."""
    _collect_static()
    made = ground.year(households=HOUSEHOLDS, entries=ENTRIES)
    # For the rest of the run: every change of addresses would be paid by the next request.
    override_settings(ROOT_URLCONF="bench.pages").enable()
    addresses = {name: reverse(f"admin:{name}_changelist") for name in LISTS}
    vacant = reverse("bench_empty")
    client = _staff(made)
    ways = [Way("empty page of the desk", amount, _pages(client, vacant, amount))]
    ways += [
        Way(name, amount, _pages(client, address, amount)) for name, address in addresses.items()
    ]
    return Row(
        number=10,
        title="staff lists, first byte",
        unit="pages",
        ways=ways,
        bars=[Bar(way.name, ways[0].name, "time", 3, 2) for way in ways[1:]],
        facts=[Fact("queries", ", ".join(_counts(client, addresses.values())))],
    )


def _collect_static() -> None:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def _get(
    client: Client, addresses: Sequence[str], before: Callable[[], None] | None = None
) -> None:
    for address in addresses:
        if before is not None:
            before()
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")


def _pages(client: Client, address: str, amount: int) -> Callable[[], float]:
    return timed(lambda: _get(client, [address] * amount))


def _counts(client: Client, addresses: Sequence[str]) -> list[str]:
    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            _get(client, [address])
        counts.append(str(len(queries)))
    return counts


def _published(ground: Ground) -> str:
    """Close the last month of a village as two persons and put its notice on show."""
    made = ground.year(households=HOUSEHOLDS, entries=ENTRIES)
    first, second = persons()
    at = clock.now()
    month = months.by_name(village_id=made.village.pk, month=LAST_MONTH)
    if month is None:
        raise RuntimeError("no month to close")
    proposal = closing.propose_lock(month=month, by=first, at=at)
    approvals.decide(proposal=proposal, approve=True, by=second, at=at)
    closing.close(village=made.village, month=LAST_MONTH, at=at)
    drafted = Notice.objects.get(village_id=made.village.pk)
    proposal = notices.propose_publication(notice=drafted, by=first, at=at)
    notices.approve_publication(
        notice=drafted, proposal=proposal, publish_on=clock.business_date(at), by=second, at=at
    )
    notices.publish(notice=drafted, at=at)
    return f"/v/{made.village.slug}/n/{drafted.number}/"


def _staff(made: Furnished) -> Client:
    """The log-in of a clerk of the village's township."""
    at: datetime = clock.now()
    person = add_person(name="林文书", by=BY, at=at)
    name = f"bench-{made.village.code}"
    user = create_user(username=name, person=person, password=PASSWORD, by=BY, at=at)
    posting = NewPosting(
        person=person, role="township_clerk", township=made.village.township, from_on=SINCE
    )
    open_posting(posting=posting, by=BY, at=at)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client
