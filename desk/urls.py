"""Addresses of the pages that show several apps."""

from django.urls import include, path

from desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("v/", views.villages, name="villages"),
    path("v/<slug:slug>/", views.village, name="village"),
    path("h/", include("desk.household_urls")),
    path("c/", include("desk.collect.urls")),
    path("size/<slug:name>/", views.text_size, name="text_size"),
]
