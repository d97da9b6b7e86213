"""Addresses of the collector's page; what is not the worker or the manifest is the shell."""

from django.urls import path

from desk.collect import pages

urlpatterns = [
    path("", pages.shell, name="collect"),
    path("sw.js", pages.worker, name="collect_worker"),
    path("manifest.webmanifest", pages.manifest, name="collect_manifest"),
    path("<path:page>", pages.shell, name="collect_page"),
]
