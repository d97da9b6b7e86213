"""Addresses behind the code on a household's card; they are printed and stay for good."""

from django.urls import path

from desk import household_pages, household_report

urlpatterns = [
    path("once/<str:secret>/", household_report.once, name="household_once"),
    path("<str:token>/report/", household_report.report, name="household_report"),
    path("<str:token>/", household_pages.household, name="household"),
    path("<str:token>/verify/", household_pages.verify, name="household_verify"),
    path("<str:token>/forget/", household_pages.forget, name="household_forget"),
    path("<str:token>/ledger/", household_pages.ledger, name="household_ledger"),
    path("<str:token>/proof.json", household_pages.proof, name="household_proof"),
]
