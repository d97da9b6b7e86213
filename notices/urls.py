"""Addresses of notices; they are printed on paper and stay for good."""

from django.urls import path

from notices import print_views, views

app_name = "notices"
urlpatterns = [
    path("v/<slug:slug>/n/", views.notice_list, name="list"),
    path("v/<slug:slug>/n/<slug:number>/", views.notice_page, name="notice"),
    path("v/<slug:slug>/n/<slug:number>/print/", print_views.print_page, name="print"),
    path("v/<slug:slug>/n/<slug:number>/print.pdf", print_views.print_pdf, name="pdf"),
    path("n/", views.check_form, name="check_form"),
    path("n/<str:code>/", views.check, name="check"),
]
