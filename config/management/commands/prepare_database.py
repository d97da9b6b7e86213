"""`manage.py prepare_database`: migrate and grant, as the owner."""

from typing import Any

from django.core.management.base import BaseCommand

from config.database import prepare


class Command(BaseCommand):
    help = "Migrate as DATABASE_OWNER_URL, make the cache table, run deploy/sql/grants.sql."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stdout.write)
