"""Addresses of persons, postings, villages and roles, all under /staff/."""

from django.urls import path, re_path

from desk.staff import grants, log_ins, people, places, units
from desk.staff.role_table import roles

PERSON = r"^people/(?P<person_id>[0-9]{1,18})/"
VILLAGE = r"^villages/(?P<slug>[-a-z0-9_]+)/"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="person_add"),
    re_path(PERSON + "$", people.person, name="person"),
    re_path(PERSON + "edit/$", people.edit, name="person_edit"),
    re_path(PERSON + "invite/$", log_ins.invite, name="invite"),
    re_path(PERSON + r"log-ins/(?P<user_id>[0-9]{1,18})/$", log_ins.log_in, name="log_in"),
    path("proposals/<int:number>/link/", log_ins.hand_over, name="hand_over"),
    re_path(PERSON + "grant/$", grants.grant, name="grant"),
    re_path(r"^postings/(?P<posting_id>[0-9]{1,18})/end/$", grants.end, name="posting_end"),
    path("villages/", places.places, name="places"),
    re_path(VILLAGE + "$", places.village, name="village"),
    re_path(VILLAGE + "units/$", places.units, name="units"),
    path("units/<int:number>/", units.unit, name="unit"),
    path("units/<int:number>/fill/", units.fill, name="unit_fill"),
    re_path(r"^townships/(?P<code>[0-9]{9})/$", places.township, name="township"),
    path("roles/", roles, name="roles"),
]
