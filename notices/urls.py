"""Addresses of notices; they are printed on paper and stay for good."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("v/<slug:slug>/n/", views.notice_list, name="list"),
    path("v/<slug:slug>/n/<slug:number>/", views.notice_page, name="notice"),
    path("n/", views.check_form, name="check_form"),
    path("n/<str:code>/", views.check, name="check"),
]
