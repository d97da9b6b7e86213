from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from trail.keys import ensure_keys
from trail.signing import public_key


class Command(BaseCommand):
    help = "Make the installation's keys where there are none; never replaces a key."

    def handle(self, *args: object, **options: object) -> None:
        folder = Path(settings.KEYS_DIR)
        made = ensure_keys(folder)
        self.stdout.write(f"{'made' if made else 'kept'} the keys in {folder}")
        self.stdout.write(f"public key of witnesses {public_key().hex()}")
