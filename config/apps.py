from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from config import checks


class SiteConfig(AppConfig):
    """The site itself: settings, services, and the commands that start them."""

    name = "config"
    verbose_name = _("站点")

    def ready(self) -> None:
        for check in (checks.check_settings, checks.check_roles, checks.check_keys):
            register(check, Tags.security, deploy=True)
        register(checks.check_application_role, Tags.database)
        register(checks.check_ddl_guard, Tags.database)


class DeskAdminConfig(AdminConfig):
    """The records desk: Django's admin behind our own site object."""

    default_site = "config.admin.RecordsDesk"
