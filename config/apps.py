from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The site itself: settings, services, and the commands that start them."""

    name = "config"
    verbose_name = _("站点")


class DeskAdminConfig(AdminConfig):
    """The records desk: Django's admin behind our own site object."""

    default_site = "config.admin.RecordsDesk"
