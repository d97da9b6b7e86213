import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk import main_job
from desk.demo import places
from trail import clock

PATIENCE = 300.0
PAUSE = 0.5


class Command(BaseCommand):
    help = "Close the last month with entries through the worker and publish; print the addresses."

    def handle(self, *args: object, **options: object) -> None:
        for code, prefix in places.PREFIXES.items():
            main_job.ask_for_closes(township_code=code, prefix=prefix, at=clock.now())
        self._wake(main_job.open_closes)
        self._wait(_("关账"), lambda: not main_job.open_closes())
        for reason in main_job.refused_closes():
            self.stderr.write(reason)
        for code, prefix in places.PREFIXES.items():
            main_job.approve_notices(township_code=code, prefix=prefix, at=clock.now())
        current_app.send_task("notices.publish_due_notices")
        self._wait(_("发布公示"), lambda: not main_job.waiting_notices())
        current_app.send_task("scoring.advance_months")
        for line in main_job.published_addresses():
            self.stdout.write(f"{settings.SITE_ADDRESS}{line.path} {line.title}")
        if main_job.refused_closes():
            raise CommandError("some months were not closed", returncode=1)

    def _wake(self, open_jobs: Callable[[], list[tuple[str, int]]]) -> None:
        for kind, job_id in open_jobs():
            current_app.send_task(kind, kwargs={"job_id": job_id})

    def _wait(self, what: str, ended: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ended():
            if time.monotonic() > deadline:
                raise CommandError(f"{what}: the worker has not finished in time", returncode=1)
            time.sleep(PAUSE)
