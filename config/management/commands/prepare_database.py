"""`manage.py prepare_database`: migrate and grant, as the owner."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.database import UnfitDatabase, prepare


class Command(BaseCommand):
    help = "Migrate as DATABASE_OWNER_URL, make the cache table, run deploy/sql/grants.sql."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare(self.stdout.write)
        except UnfitDatabase as unfit:
            raise CommandError(str(unfit)) from unfit
