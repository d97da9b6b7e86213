from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.operations import mending
from scoring.operations.mending import Difference
from scoring.queries import months
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages.models import Village
from villages.queries import find_village

BY = Actor.system("manage.py mend_totals")


class Command(BaseCommand):
    help = "Recompute balances and totals from the entries; exit 1 if they differ and stay so."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--village", metavar="CODE", help="12-digit code")
        which.add_argument("--all", action="store_true", help="every village with entries")
        parser.add_argument("--apply", action="store_true", help="mend what differs")

    def handle(self, *args: object, **options: object) -> None:
        apply, found, refused = bool(options["apply"]), 0, 0
        for village in _villages(str(options["village"] or "")):
            try:
                differences = _looked_at(village, apply=apply)
            except DomainError as refusal:
                self.stderr.write(f"village {village.code}: {refusal.message}")
                refused += 1
                continue
            for one in differences:
                self.stdout.write(f"village {one.village} {one}")
            found += len(differences)
        self.stdout.write(f"{found} figures {'mended' if apply else 'differ'}")
        if refused:
            raise CommandError(f"{refused} villages refused", returncode=2)
        if found and not apply:
            raise CommandError("nothing was changed; --apply mends it", returncode=1)


def _villages(code: str) -> list[Village]:
    if not code:
        return months.villages_with_entries()
    village = find_village(code)
    if village is None:
        raise CommandError(_("没有代码是 %s 的村") % code, returncode=2)
    return [village]


def _looked_at(village: Village, *, apply: bool) -> list[Difference]:
    if apply:
        return mending.mend(village=village, by=BY, at=clock.now())
    return mending.compare(village=village)
