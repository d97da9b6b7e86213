import re

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jobs.queries import by_key
from jobs.running import run
from scoring import work
from scoring.queries.months import by_name
from trail import clock
from villages.queries import find_village

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    help = "Carry out the approved lock of a month, as the worker would; exit 2 when refused."

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
        if by_name(village_id=village.pk, month=month) is None:
            raise CommandError(_("%s没有记账，不用关。") % month, returncode=2)
        job = work.ask_to_close(
            village=village, month=month, by="manage.py close_month", at=clock.now()
        )
        ours = run(job.pk, work.close_month)
        ended = by_key(kind=job.kind, key=job.key)
        if ended is not None and ended.error:
            raise CommandError(ended.error, returncode=2)
        outcome = _("已锁定") if ours else _("别的进程正在锁定")
        self.stdout.write(f"{village.name} {month} {outcome}")
