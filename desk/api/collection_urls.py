"""Addresses of collection: docs/collection-api.md."""

from django.urls import path, re_path

from households import api as households

urlpatterns = [
    path("bundle/", households.Bundle.as_view(), name="collection-bundle"),
    path("links/", households.Links.as_view(), name="collection-links"),
    re_path(
        r"^links/(?P<pk>[0-9]{1,15})/revoke/$",
        households.LinkRevoked.as_view(),
        name="collection-link-revoke",
    ),
    path("phone/", households.Phone.as_view(), name="collection-phone"),
    path("practice/", households.Practice.as_view(), name="collection-practice"),
    path("records/", households.Records.as_view(), name="collection-records"),
    path("records/<uuid:uuid>/", households.RecordAddress.as_view(), name="collection-record"),
    path("records/<uuid:uuid>/recall/", households.Recall.as_view(), name="collection-recall"),
    re_path(
        r"^attachments/(?P<sha256>[0-9a-f]{64})/$",
        households.AttachmentPiece.as_view(),
        name="collection-attachment",
    ),
    path("visits/<uuid:uuid>/", households.Visits.as_view(), name="collection-visit"),
]
