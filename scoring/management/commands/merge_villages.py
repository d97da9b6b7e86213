"""`manage.py merge_villages`: one village becomes part of another of its township."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from households.operations.files.keeping import When
from scoring.operations.village_mergers import merge_villages
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.scope import reaching
from villages.models import Village
from villages.queries import find_village

BY = Actor.system("manage.py merge_villages")


class Command(BaseCommand):
    help = "Carry the files of a village over to another; entries and notices stay where they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", required=True, help="12-digit code of the one that ends")
        parser.add_argument("--into", required=True, help="12-digit code of the one that goes on")
        parser.add_argument("--on", type=date.fromisoformat, help="YYYY-MM-DD; today when not told")
        parser.add_argument("--note", default="", help="the paper that decided it, without a name")

    def handle(self, *args: object, **options: object) -> None:
        source, into = _village(str(options["village"])), _village(str(options["into"]))
        day = options["on"] if isinstance(options["on"], date) else clock.today()
        try:
            with reaching([source.pk, into.pk]):
                pairs = merge_villages(
                    source=source,
                    into=into,
                    when=When(day, str(options["note"])),
                    by=BY,
                    at=clock.now(),
                )
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        told = {"source": source.name, "into": into.name, "count": len(pairs)}
        self.stdout.write(_("%(source)s的%(count)s户并入了%(into)s") % told)


def _village(code: str) -> Village:
    found = find_village(code)
    if found is None:
        raise CommandError(_("没有代码是 %s 的村") % code, returncode=2)
    return found
