from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from trail.keys import ensure_keys


class Command(BaseCommand):
    help = "Make the keys of encrypted fields where there are none; never replaces a key."

    def handle(self, *args: object, **options: object) -> None:
        folder = Path(settings.KEYS_DIR)
        made = ensure_keys(folder)
        self.stdout.write(f"{'made' if made else 'kept'} the keys in {folder}")
