import hashlib
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.queries.export import write_export
from trail import clock
from trail.actor import Actor
from trail.operations import record
from villages.queries import find_village


class Command(BaseCommand):
    help = "Write ledgers to a zip that anyone can check with deploy/verify/verify.py; no names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--village", help="12-digit code; without it, every village")

    def handle(self, *args: object, **options: object) -> None:
        path, code = Path(str(options["file"])), options["village"]
        village = find_village(str(code)) if code else None
        if code and village is None:
            raise CommandError(f"no village has the code {code}", returncode=2)
        at = clock.now()
        _create(path)
        try:
            with path.open("wb") as file:
                written = write_export(to=file, village=village, at=at)
        except BaseException:
            path.unlink()
            raise
        with path.open("rb") as whole:
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
        record(
            by=Actor.system("scoring.export_ledger"),
            at=at,
            what="ledger.exported",
            about="scoring.entry",
            village_id=village.pk if village else None,
            detail={"villages": written.villages, "entries": written.entries, "sha256": sha256},
        )
        self.stdout.write(f"{written.villages} villages, {written.entries} entries: {path}")
        self.stdout.write(f"SHA-256 {sha256}")


def _create(path: Path) -> None:
    """A new file for its owner alone: it holds every household's deductions."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}", returncode=2) from error
