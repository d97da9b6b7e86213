"""The whole demo once, through a real worker: the issue's figures and nothing half done."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import User
from accounts.roles import ROLES
from desk.demo import accounts, places
from households.models import Member, Subject
from jobs.models import Job
from notices.models import Notice
from scoring.models import Entry, Month, Rating
from tests.factories import let_the_test_see
from villages.models import Posting, Village, WorkGroup

SHITAI = {"village__township__code": places.SHITAI}


@pytest.fixture(scope="module")
def truth():
    return json.loads((Path(settings.BASE_DIR) / "demo/truth.json").read_text())


@pytest.fixture
def demo_site(committed_db, start_worker, settings):
    """The demo's own database with its worker, the main job done once."""
    settings.DEMO = True
    call_command("load_divisions", verbosity=0, stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    let_the_test_see(*Village.objects.all())
    start_worker()
    said = StringIO()
    call_command("main_job", stdout=said)
    return said.getvalue().splitlines()


def register_equals_the_answer_key(truth):
    households = Subject.objects.filter(kind=Subject.Kind.HOUSEHOLD, **SHITAI)
    assert households.count() == truth["households"]
    assert (
        households.filter(state=Subject.State.HEADLESS).count()
        == (truth["households_without_head"])
    )
    assert Member.objects.filter(**SHITAI).count() == truth["accepted_people"]
    kinds = dict(
        Subject.objects.filter(**SHITAI).values_list("kind").annotate(Count("pk")).order_by()
    )
    assert kinds == {"household": truth["households"], "collective": 7, "operator": 45}


def posts_are_those_of_the_scheme():
    postings = Posting.objects.filter(township__code=places.SHITAI)
    # The seventy-seven of the scheme, and those whose accounts the demo hands out.
    own = postings.exclude(person__users__username__startswith="shitai-")
    assert own.filter(post__code="collector").count() == 77
    groups = WorkGroup.objects.filter(township__code=places.SHITAI)
    counts = dict(groups.values_list("kind").annotate(Count("pk")).order_by())
    assert counts == {"review": 33, "deliberation": 8, "supervision": 1}
    assert not groups.filter(postings=None).exists()


def every_month_is_closed_and_on_show():
    entries = Entry.objects.filter(**SHITAI)
    assert entries.count() == 60_000
    assert entries.latest("occurred_on").occurred_on <= date(2026, 10, 31)
    states = set(Month.objects.filter(month="2026-10").values_list("state", flat=True))
    assert states <= {Month.State.CLOSED, Month.State.PUBLISHED}
    assert not Month.objects.filter(state=Month.State.OPEN).exists()
    shown = Notice.objects.filter(state=Notice.State.PUBLISHED, month="2026-10")
    assert {notice.village.name for notice in shown} >= {
        "下湾村",
        "大罗村",
        *Village.objects.filter(township__code=places.SHITAI).values_list("name", flat=True),
    }
    assert shown.count() == Notice.objects.count() == 13


def ratings_have_reasons():
    assert Rating.objects.filter(scheme="credit", period="2026-10").count() == 5302 + 7 + 45
    stars = Rating.objects.filter(scheme="ten-stars", period="2026-10")
    assert stars.count() == 3 * 48
    assert {"铜星", "银星", ""} <= set(stars.values_list("grade", flat=True))
    assert not stars.filter(reasons=[]).exists()


def test_demo_and_main_job_end_with_published_notices(demo_site, truth):
    register_equals_the_answer_key(truth)
    posts_are_those_of_the_scheme()
    every_month_is_closed_and_on_show()
    ratings_have_reasons()
    addresses = [line.split()[0] for line in demo_site]
    assert f"{settings.SITE_ADDRESS}/v/xiawan/n/2026-10-points-1/" in addresses
    assert len(addresses) == 13
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    verdict = StringIO()
    call_command("verify_ledger", "--json", stdout=verdict)
    found = json.loads(verdict.getvalue())
    assert (found["ok"], found["entries"]) == (True, Entry.objects.count())
    # Once more: nothing left to do, the same addresses, no second demo.
    again = StringIO()
    call_command("main_job", stdout=again)
    assert again.getvalue().splitlines() == demo_site
    call_command("load_demo", stdout=StringIO())
    assert Entry.objects.count() == found["entries"]
    wide = len(ROLES) - len(accounts.IN_A_VILLAGE)
    assert User.objects.count() == 3 * wide + (3 + 1 + 1) * len(accounts.IN_A_VILLAGE)
    held = Posting.objects.filter(person__users__in=User.objects.all())
    assert set(held.values_list("post__code", flat=True)) == set(ROLES)
    for role in accounts.IN_A_VILLAGE:
        assert held.filter(post__code=role).values("village").distinct().count() == 5, role


@pytest.mark.django_db
def test_demo_is_refused_where_it_is_not_wanted(settings):
    settings.DEMO = False
    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")
    assert refusal.value.returncode == 2
    assert accounts.actor(prefix="shitai", role="township_clerk") is None
    assert not User.objects.exists()
