"""Addresses of the API. Each app has its own views; only this list knows them all."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from accounts import api as accounts
from desk.api import pages, proposals
from households import api as households
from jobs import api as jobs
from notices import api as notices
from scoring import api as scoring

NUMBER = r"(?P<pk>[0-9]{1,18})"

public = SimpleRouter()
public.register("villages", notices.PublicVillages, basename="public-village")
public.register("notices", notices.PublicNotices, basename="public-notice")

staff = SimpleRouter()
staff.register("villages", accounts.Villages, basename="village")
staff.register("units", accounts.Units, basename="unit")
staff.register("subjects", households.Subjects, basename="subject")
staff.register("entries", scoring.Entries, basename="entry")
staff.register("balances", scoring.Balances, basename="balance")
staff.register("months", scoring.Months, basename="month")
staff.register("rule-books", scoring.RuleBooks, basename="rule-book")
staff.register("items", scoring.Items, basename="item")
staff.register("jobs", jobs.Jobs, basename="job")
staff.register("proposals", proposals.Proposals, basename="proposal")

_notice = "public/notices/<slug:slug>/<slug:number>/"
version_1: list[URLPattern | URLResolver] = [
    path("public/", include(public.urls)),
    path(_notice, notices.PublicNotice.as_view(), name="public-notice"),
    path(f"{_notice}rows/", notices.PublicRows.as_view(), name="public-notice-rows"),
    re_path(
        r"^public/codes/(?P<code>[0-9A-Za-z-]{1,40})/$",
        notices.PublicCode.as_view(),
        name="public-code",
    ),
    re_path(
        rf"^proposals/{NUMBER}/decision/$", proposals.Decision.as_view(), name="proposal-decision"
    ),
    re_path(
        rf"^proposals/{NUMBER}/withdrawal/$",
        proposals.Withdrawal.as_view(),
        name="proposal-withdrawal",
    ),
    path("collection/", include("desk.api.collection_urls")),
    path("me/", accounts.Me.as_view(), name="me"),
    path("", include(staff.urls)),
]

app_name = "api"
urlpatterns = [
    path("v1/", include(version_1)),
    path("schema/", pages.Schema.as_view(), name="schema"),
    path("docs/", pages.docs, name="docs"),
    re_path(r"^", pages.Nothing.as_view(), name="nothing"),
]
