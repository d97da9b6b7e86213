"""Addresses of log-ins, all under /staff/."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("invite/<str:token>/", views.invited, name="invited"),
]
