"""`manage.py recompute_ratings`: the stars and grades of a month once more, from the ledger."""

from django.utils.translation import gettext as _

from scoring.management.months import MonthCommand
from scoring.operations.ratings import recompute
from trail import clock
from trail.actor import Actor
from villages.models import Village

BY = Actor.system("manage.py recompute_ratings")


class Command(MonthCommand):
    help = "Rate every subject of a village for a month again; what people approved stays."

    def carry_out(self, village: Village, month: str) -> None:
        count = recompute(village_id=village.pk, period=month, by=BY, at=clock.now())
        self.stdout.write(
            _("%(village)s %(month)s 重算了 %(count)s 个结果")
            % {"village": village.name, "month": month, "count": count}
        )
