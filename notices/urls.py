"""Addresses of notices; they are printed on paper and stay for good."""

from django.urls import path

from notices import honour_views, print_views, views

app_name = "notices"
urlpatterns = [
    path("v/<slug:slug>/n/", views.notice_list, name="list"),
    path("v/<slug:slug>/n/<slug:number>/", views.notice_page, name="notice"),
    path("v/<slug:slug>/n/<slug:number>/print/", print_views.print_page, name="print"),
    path("v/<slug:slug>/n/<slug:number>/print.pdf", print_views.print_pdf, name="pdf"),
    path("v/<slug:slug>/honour/", honour_views.honour_page, name="honour"),
    path("v/<slug:slug>/honour/print.pdf", honour_views.honour_pdf, name="honour_pdf"),
    path("n/", views.check_form, name="check_form"),
    path("n/<str:code>/", views.check, name="check"),
]
