"""Addresses of the import, under /staff/import/."""

from django.urls import path

from desk.staff import import_steps, imports

urlpatterns = [
    path("import/", imports.imports, name="imports"),
    path("import/template/", imports.blank, name="import_template"),
    path("import/<int:number>/columns/", import_steps.columns, name="import_columns"),
    path("import/<int:number>/check/", import_steps.check, name="import_check"),
    path("import/<int:number>/confirm/", import_steps.confirm, name="import_confirm"),
    path("import/<int:number>/done/", import_steps.done, name="import_done"),
]
