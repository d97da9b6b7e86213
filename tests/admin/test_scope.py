"""Who sees what at the records desk: Lin mine, Wei my township's other village, Zhao elsewhere."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from accounts.roles import Action
from households.models import CollectionForm, CollectionRound
from tests.factories import YEAR_BEGINS, make_staff
from trail.desk import ScopedReadOnlyAdmin
from trail.models import AuditEvent
from villages.models import CalendarRule, Person, Post, Posting, Township, Village

PAGES = sorted(admin.site._registry.values(), key=lambda page: page.opts.label)
OURS = [
    app
    for app in apps.get_app_configs()
    if app.name
    in {
        "trail",
        "villages",
        "accounts",
        "files",
        "jobs",
        "notices",
        "households",
        "scoring",
    }
]
# Answers kept for a moment to repeated requests, and wrong PINs counted against guessing; nothing
# anybody looks for. An export is its asker's alone; an invitation has its own page beside its
# person; ids beside a sealed notice are for the verifier; which column was what is on the import.
NOT_SHOWN = {
    "accounts.Invitation",
    "accounts.LogInTry",
    "accounts.OldPassword",
    "accounts.Session",
    "files.Export",
    "households.CardTry",
    "households.CollectorPhone",
    "households.ImportBatch",
    "households.ImportPage",
    "households.RoundForm",
    "households.SavedColumns",
    "households.SubjectSearch",
    "jobs.Call",
    "jobs.Receipt",
    "scoring.NoticedHouseholds",
}
# The list of posts is the same everywhere.
SHARED = {Post}


def address(page, action: str, *args) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{action}", args=args)


def village_of(row) -> int | None:
    """The village a row belongs to, told without the code under test."""
    if isinstance(row, Village):
        return row.pk
    if isinstance(row, AuditEvent | Posting):
        return row.village_id
    for owner in ("village", "notice"):
        if hasattr(row, owner):
            return village_of(getattr(row, owner))
    return None


def rows_of(model, user: User) -> set[int]:
    """What the user should see: the rows of the villages of the own postings, no other."""
    postings = Posting.objects.filter(person=user.person)
    villages = set(postings.values_list("village_id", flat=True))
    townships = set(postings.values_list("township_id", flat=True))
    if model in SHARED:
        return set(model.objects.values_list("pk", flat=True))
    if model is Township:
        return townships
    if model in (CalendarRule, CollectionForm, CollectionRound):
        return set(model.objects.filter(township__in=townships).values_list("pk", flat=True))
    if model is Person:
        return {user.person_id}
    if model is User:
        return {user.pk}
    return {row.pk for row in model.objects.all() if village_of(row) in villages}


def seen(client, page) -> set[int]:
    response = client.get(address(page, "changelist"))
    assert response.status_code == 200
    return {row.pk for row in response.context["cl"].result_list}


def test_every_model_is_at_the_desk():
    registered = {page.opts.label for page in PAGES}
    ours = {model._meta.label for app in OURS for model in app.get_models()}
    assert registered == ours - NOT_SHOWN


def test_every_page_needs_an_action_of_the_role_table():
    assert all(isinstance(page, ScopedReadOnlyAdmin) for page in PAGES)
    assert {page.needs for page in PAGES} <= set(Action)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)
def test_each_sees_the_own_village_and_no_other(world, enter, page):
    """Equality, for each of the three."""
    for user in (world.lin, world.wei, world.zhao):
        expected = rows_of(page.model, user)
        assert expected != set()
        assert seen(enter(user), page) == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)
def test_a_row_of_a_neighbour_is_as_absent_as_none(world, enter, page):
    lin = enter(world.lin)
    own = rows_of(page.model, world.lin)
    for pk in own:
        assert lin.get(address(page, "change", pk)).status_code == 200
    others = set(page.model._default_manager.values_list("pk", flat=True)) - own
    assert others or page.model in SHARED
    for pk in [*others, max(own) + 1_000_000]:
        assert lin.get(address(page, "change", pk)).status_code == 404
        assert lin.get(address(page, "history", pk)).status_code == 404


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)
def test_nothing_is_written_at_the_desk(world, enter, page):
    lin = enter(world.lin)
    before = rows_but_attempts(page.model)
    for pk in rows_of(page.model, world.lin):
        assert lin.post(address(page, "change", pk), {"name": "改"}).status_code == 403
        assert lin.post(address(page, "delete", pk), {"post": "yes"}).status_code == 403
        assert lin.get(address(page, "delete", pk)).status_code == 403
    assert lin.post(address(page, "add"), {"name": "加"}).status_code == 403
    assert lin.get(address(page, "add")).status_code == 403
    lin.post(
        address(page, "changelist"),
        {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
    )
    assert rows_but_attempts(page.model) == before


def rows_but_attempts(model) -> list[dict]:
    """Every row; that somebody tried to write is kept in the trail."""
    rows = model._default_manager.order_by("pk")
    if model is AuditEvent:
        rows = rows.exclude(what__startswith="denied.")
    return list(rows.values())


def test_without_a_posting_no_page_opens(world, enter):
    stranger = enter(world.stranger)
    for page in PAGES:
        response = stranger.get(address(page, "changelist"))
        assert response.status_code == 302, page
        assert response.url.startswith(reverse("admin:login"))


def test_a_role_sees_only_what_the_table_gives_it(world, enter):
    merchant = make_staff(name="商户", role="merchant", village=world.mine)
    client = enter(merchant)
    open_pages = {
        page.opts.label
        for page in PAGES
        if client.get(address(page, "changelist")).status_code == 200
    }
    assert open_pages == {page.opts.label for page in PAGES if page.needs == Action.VIEW_NOTICES}


def test_a_township_posting_sees_both_villages_and_not_elsewhere(world, enter):
    clerk = make_staff(name="镇经办", role="township_clerk", township=world.mine.township)
    page = admin.site.get_model_admin(Village)
    assert seen(enter(clerk), page) == {world.mine.pk, village_id_of(world.wei)}


def village_id_of(user: User) -> int:
    return Posting.objects.filter(person=user.person).values_list("village_id", flat=True)[0]


def test_a_posting_that_has_ended_opens_nothing(world, enter):
    Posting.objects.filter(person=world.lin.person).update(to_on=YEAR_BEGINS)
    assert enter(world.lin).get(reverse("admin:index")).status_code == 302


def test_a_user_who_is_switched_off_opens_nothing(world, enter):
    client = enter(world.lin)
    User.objects.filter(pk=world.lin.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302
