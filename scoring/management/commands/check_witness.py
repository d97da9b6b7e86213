from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.engine.errors import WitnessIsRefused
from scoring.queries import witness


class Command(BaseCommand):
    help = "Before the site opens: each ledger must reach the newest witness; exit 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE", help="without it, WITNESS_FILE of the settings"
        )
        parser.add_argument(
            "--public-key", default="", metavar="HEX", help="the key, as it was kept elsewhere"
        )

    def handle(self, *args: object, **options: object) -> None:
        path = Path(str(options["file"] or settings.WITNESS_FILE or ""))
        if not path.name:
            raise CommandError("name a file, or set WITNESS_FILE", returncode=2)
        try:
            head = witness.genuine(path, key=str(options["public_key"]))
            problems = witness.newest_seals_that_differ(path)
        except (WitnessIsRefused, OSError) as error:
            raise CommandError(f"the witness {path} is refused: {error}") from error
        for problem in problems:
            self.stderr.write(f"village {problem.village} {problem}")
        if problems:
            raise CommandError(f"the site stays closed: not the ledgers of {path} ({head.made})")
        self.stdout.write(f"every ledger reaches the witness of {head.made}")
