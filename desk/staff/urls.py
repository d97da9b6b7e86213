"""Addresses for staff, all under /staff/."""

from allauth.account import views as account
from django.urls import include, path, re_path

from desk.staff import (
    adoptions,
    asking,
    audit,
    cards,
    corrections,
    entrance,
    exports,
    households,
    jobs,
    ledgers,
    listings,
    months,
    proposals,
    revealing,
    reversals,
    visits,
)

app_name = "staff"
MONTH = r"^months/(?P<month>[0-9]{4}-[0-9]{2})/(?P<slug>[-a-z0-9_]+)/"
VISITS = r"^visits/in/(?P<slug>[-a-z0-9_]+)/"
CARDS = r"^cards/(?P<slug>[-a-z0-9_]+)/"
urlpatterns = [
    path("", entrance.home, name="home"),
    # Served by accounts.urls before these; here for their names.
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("audit/", audit.events, name="audit"),
    path("audit/<int:number>/", audit.event, name="audit_event"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:number>/", exports.export, name="export"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:number>/", jobs.job, name="job"),
    path("households/", households.households, name="households"),
    path("households/find/", households.find, name="find_household"),
    path("households/", include("desk.staff.files_urls")),
    path("households/<int:number>/", households.household, name="household"),
    path(
        "households/<int:number>/members/<int:member>/<slug:field>/",
        revealing.member,
        name="reveal",
    ),
    path("people/<int:number>/phone/", revealing.phone, name="reveal_phone"),
    path("rules/<slug:slug>/<int:version>/approve/", adoptions.adopt, name="adopt"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:number>/", proposals.proposal, name="proposal"),
    path("", include("desk.staff.staffing_urls")),
    path("", include("desk.staff.collected_urls")),
    path("visits/", visits.visits, name="visits"),
    path("visits/<int:number>/", visits.made, name="visit_made"),
    path("visits/mine/", visits.mine, name="visits_mine"),
    path("visits/mine/<int:number>/", visits.visit, name="visit"),
    re_path(VISITS + "contacts/$", visits.contacts, name="visit_contacts"),
    re_path(VISITS + "draw/$", visits.draw, name="visit_draw"),
    path("", include("desk.staff.collection_urls")),
    path("", include("desk.staff.import_urls")),
    path("cards/", listings.card_villages, name="card_villages"),
    path("months/", listings.months, name="months"),
    path("notices/", listings.notices, name="notices"),
    re_path(CARDS + "$", cards.choose, name="cards"),
    re_path(CARDS + "check/$", cards.check, name="cards_check"),
    re_path(CARDS + r"withdraw/(?P<household>[0-9]{1,18})/$", cards.withdraw, name="card_withdraw"),
    re_path(CARDS + "plates/$", cards.plates, name="cards_plates"),
    re_path(CARDS + "issue/$", cards.issue, name="cards_issue"),
    re_path(r"^ledger/(?P<slug>[-a-z0-9_]+)/$", ledgers.ledger, name="ledger"),
    re_path(r"^ledger/(?P<slug>[-a-z0-9_]+)/verify/$", asking.verify, name="verify"),
    re_path(MONTH + "rate/$", asking.rate, name="rate"),
    re_path(MONTH + "$", months.month_page, name="month"),
    re_path(MONTH + "check/$", months.check, name="check"),
    re_path(MONTH + "review/$", months.review, name="review"),
    re_path(MONTH + "review/entries/$", months.entries, name="entries"),
    re_path(MONTH + "reverse/$", reversals.reverse, name="reverse"),
    re_path(
        MONTH + r"reverse/(?P<number>[0-9]{1,18})/$", reversals.reverse_entry, name="reverse_entry"
    ),
    re_path(MONTH + "lock/$", months.lock, name="lock"),
    re_path(MONTH + "notice/$", months.notice, name="notice"),
    re_path(MONTH + "objections/$", months.objections, name="objections"),
    re_path(MONTH + "archive/$", months.archive, name="archive"),
    re_path(MONTH + "correct/$", corrections.correct, name="correct"),
    re_path(MONTH + "correct/notice/$", corrections.notice, name="correct_notice"),
]
