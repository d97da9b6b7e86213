"""Addresses of acts on files, all under /staff/households/."""

from django.urls import path

from desk.staff import file_lists, file_pages, own_data

urlpatterns = [
    path("add/", file_lists.add, name="file_add"),
    path("duplicates/", file_lists.alike, name="duplicates"),
    path("consents/", file_lists.consents_due, name="consents_due"),
    path("<int:number>/acts/<slug:act>/", file_pages.on_file, name="file_act"),
    path("<int:number>/people/<int:person>/copy/", own_data.copy, name="own_data"),
    path("<int:number>/people/<int:person>/<slug:act>/", file_pages.on_person, name="person_act"),
]
