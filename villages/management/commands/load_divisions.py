from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages import area_codes, operations

FIVE_PLACES = Path(__file__).resolve().parents[2] / "data" / "divisions.csv"


class Command(BaseCommand):
    help = "Load townships and villages from a CSV of division codes; without FILE, five places."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FIVE_PLACES, metavar="FILE")

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            loaded = operations.load_divisions(
                rows=area_codes.read_places(file.read_bytes()),
                by=Actor.system("villages.load_divisions"),
                at=clock.now(),
            )
        except OSError as error:
            reason = {"file": file, "reason": error.strerror}
            raise CommandError(_("读不了文件 %(file)s：%(reason)s") % reason) from error
        except DomainError as refusal:
            raise CommandError(f"{file.name}：{refusal}") from refusal
        if options["verbosity"]:
            told = _(
                "乡镇%(townships)s个，村和社区%(villages)s个："
                "新增%(added)s，更新%(updated)s，没有变化%(unchanged)s"
            )
            self.stdout.write(told % asdict(loaded))
