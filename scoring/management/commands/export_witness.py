import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.engine.errors import WitnessIsRefused
from scoring.operations import witnessing
from scoring.operations.witnessing import Witnessed
from scoring.queries import witness
from scoring.queries.witness import SealsAreBroken
from trail import clock
from trail.actor import Actor
from trail.signing import public_key

BY = Actor.system("manage.py export_witness")


class Command(BaseCommand):
    help = (
        "Write what every ledger says up to its newest seal, ids and digests only, signed. "
        "A witness that is there already must be a beginning of the new one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE", help="without it, WITNESS_FILE of the settings"
        )
        parser.add_argument(
            "--public-key", default="", metavar="HEX", help="who signed the witness to be replaced"
        )
        parser.add_argument(
            "--except",
            dest="leaving_out",
            action="append",
            default=[],
            metavar="CODE",
            help="leave out a village whose seals are broken; keep its older witness",
        )

    def handle(self, *args: object, **options: object) -> None:
        path = Path(str(options["file"] or settings.WITNESS_FILE or ""))
        if not path.name:
            raise CommandError("name a file, or set WITNESS_FILE", returncode=2)
        leaving_out = frozenset(map(str, options["leaving_out"]))  # type: ignore[call-overload]
        if path.exists():
            _refuse_breaches(path, key=str(options["public_key"]), leaving_out=leaving_out)
        made = _written(path, leaving_out=leaving_out)
        self.stdout.write(f"{path}: {made.villages} villages, {made.entries} entries")
        self.stdout.write(f"sha256 {made.sha256.hex()}")
        self.stdout.write(f"public key {public_key().hex()}")


def _refuse_breaches(path: Path, *, key: str, leaving_out: frozenset[str]) -> None:
    try:
        witness.genuine(path, key=key)
        breaches = witness.breaches(path, leaving_out=leaving_out)
    except WitnessIsRefused as error:
        raise CommandError(f"{path} is not replaced: {error}", returncode=2) from error
    if breaches:
        first = breaches[0]
        raise CommandError(f"{path} is not replaced: village {first.village} {first}", returncode=1)


def _written(path: Path, *, leaving_out: frozenset[str]) -> Witnessed:
    """Beside the file first: whoever copies it away meets a whole witness at any moment."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            made = witnessing.write(into=file, by=BY, at=clock.now(), leaving_out=leaving_out)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except SealsAreBroken as error:
        raise CommandError(f"{error}; see verify_ledger", returncode=1) from error
    finally:
        part.unlink(missing_ok=True)
    return made
