"""`manage.py prepare_database`: migrate and grant, as the owner."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config.database import prepare
from config.ddl_guard import Guard, guard_state


class Command(BaseCommand):
    help = "Migrate as DATABASE_OWNER_URL, make the cache table, run deploy/sql/grants.sql."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stdout.write)
        words = {
            Guard.ABSENT: _("改表守卫：没有装"),
            Guard.BROKEN: _("改表守卫：被人改动过，请查明原因，重新安装"),
            Guard.ASLEEP: _("改表守卫：装了，但是 event_triggers 关着，不起作用"),
            Guard.ON: _("改表守卫：已装，在起作用"),
        }
        self.stdout.write(words[guard_state("owner")])
