"""Addresses of what was collected."""

from django.urls import path

from desk.staff import collected, collected_import, links, phones, photos

urlpatterns = [
    path("records/", collected.records, name="collected_all"),
    path("records/import/", collected_import.bring_in, name="collected_import"),
    path("records/<int:number>/", collected.record, name="collected"),
    path("records/<int:number>/return/", collected.give_back, name="collected_return"),
    path("records/<int:number>/choose/", collected.choose, name="collected_choose"),
    path("files/<int:number>/", photos.photo, name="photo"),
    path("files/<int:number>/original/", photos.original, name="photo_original"),
    path("links/", links.links, name="links"),
    path("links/<int:number>/revoke/", links.revoke, name="link_revoke"),
    path("phones/", phones.phones, name="phones"),
    path("phones/<int:number>/revoke/", phones.revoke, name="phone_revoke"),
    path("phones/<int:number>/restore/", phones.restore, name="phone_restore"),
]
