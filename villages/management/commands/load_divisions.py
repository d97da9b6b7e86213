from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

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
            raise CommandError(f"读不了文件 {file}：{error.strerror}") from error
        except DomainError as refusal:
            raise CommandError(f"{file.name}：{refusal}") from refusal
        if options["verbosity"]:
            self.stdout.write(
                f"乡镇{loaded.townships}个，村和社区{loaded.villages}个："
                f"新增{loaded.added}，更新{loaded.updated}，没有变化{loaded.unchanged}"
            )
