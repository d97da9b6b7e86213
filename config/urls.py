"""Routes of the whole site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("notices.urls")),
    path("api/", include("desk.api.urls")),
    path("staff/", include("accounts.urls")),
    path("staff/", include("desk.staff.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "desk.faults.bad_request"
handler403 = "desk.faults.not_allowed"
handler404 = "desk.faults.not_found"
handler500 = "desk.faults.server_error"
