"""`manage.py recode_village`: the statistics bureau gave a village another code."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages.operations import recode_village
from villages.queries import find_village

BY = Actor.system("manage.py recode_village")


class Command(BaseCommand):
    help = "Give a village another 12-digit code; its address, being printed, stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", required=True, help="the 12-digit code it has")
        parser.add_argument("--code", required=True, help="the 12-digit code it gets")

    def handle(self, *args: object, **options: object) -> None:
        village = find_village(str(options["village"]))
        if village is None:
            raise CommandError(_("没有代码是 %s 的村") % options["village"], returncode=2)
        try:
            recode_village(village=village, code=str(options["code"]), by=BY, at=clock.now())
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(
            _("%(name)s的代码换成了 %(code)s") % {"name": village.name, "code": village.code}
        )
