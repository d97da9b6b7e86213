"""The records desk: Django's admin in our colours, behind the role table."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class RecordsDesk(admin.AdminSite):
    """Every record, scoped to the user's villages. Being let in takes a posting in force."""

    site_header = _("档案台")
    site_title = _("档案台")
    index_title = _("查档案")
    enable_nav_sidebar = False
