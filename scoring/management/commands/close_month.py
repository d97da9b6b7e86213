from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.queries import by_key
from jobs.running import run
from scoring import work
from trail import clock
from villages.queries import find_village


class Command(BaseCommand):
    help = "Carry out the approved lock of a month, as the worker would; exit 2 when refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", required=True, help="12-digit code")
        parser.add_argument("--month", required=True, help="YYYY-MM")

    def handle(self, *args: object, **options: object) -> None:
        code, month = str(options["village"]), str(options["month"])
        village = find_village(code)
        if village is None:
            raise CommandError(f"no village has the code {code}", returncode=2)
        job = work.ask_to_close(
            village=village, month=month, by="manage.py close_month", at=clock.now()
        )
        ours = run(job.pk, work.close_month)
        ended = by_key(kind=job.kind, key=job.key)
        if ended is not None and ended.error:
            raise CommandError(ended.error, returncode=2)
        self.stdout.write(f"{village.name} {month}: {'closed' if ours else 'being closed'}")
