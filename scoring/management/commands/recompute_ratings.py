"""`manage.py recompute_ratings`: the stars and grades of a month once more, from the ledger."""

import re

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.operations.ratings import recompute
from trail import clock
from trail.actor import Actor
from villages.queries import find_village

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
BY = Actor.system("manage.py recompute_ratings")


class Command(BaseCommand):
    help = "Rate every subject of a village for a month again; what people approved stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", required=True, help="12-digit code")
        parser.add_argument("--month", required=True, help="YYYY-MM")

    def handle(self, *args: object, **options: object) -> None:
        code, month = str(options["village"]), str(options["month"])
        village = find_village(code)
        if village is None:
            raise CommandError(_("没有代码是 %s 的村") % code, returncode=2)
        if not MONTH.fullmatch(month):
            raise CommandError(_("月份要写成 2026-10 这样，现在是 %s") % month, returncode=2)
        count = recompute(village_id=village.pk, period=month, by=BY, at=clock.now())
        self.stdout.write(
            _("%(village)s %(month)s 重算了 %(count)s 个结果")
            % {"village": village.name, "month": month, "count": count}
        )
