"""`manage.py close_month`: what the worker does with an approved lock, from the shell."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from jobs.queries import by_key
from jobs.running import run
from scoring import work
from scoring.management.months import MonthCommand
from scoring.queries.months import by_name
from trail import clock
from villages.models import Village


class Command(MonthCommand):
    help = "Carry out the approved lock of a month, as the worker would; exit 2 when refused."

    def carry_out(self, village: Village, month: str) -> None:
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
