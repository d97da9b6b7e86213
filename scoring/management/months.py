"""Commands about one month of one village: the same two arguments, refused in the same words."""

import re

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from villages.models import Village
from villages.queries import find_village

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class MonthCommand(BaseCommand):
    """A command whose `carry_out` is given the village and the month that were named."""

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
        self.carry_out(village, month)

    def carry_out(self, village: Village, month: str) -> None:
        """Do it and say what was done; raises CommandError with exit 2 when it is refused."""
        raise NotImplementedError
