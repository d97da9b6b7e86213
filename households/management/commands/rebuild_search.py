"""`manage.py rebuild_search`: what files are found by, written anew from the names on them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from households.operations.searching import rebuild_search
from trail import clock
from trail.actor import Actor
from trail.scope import reaching
from villages.queries import every_village, village_by_code

BY = Actor.system("manage.py rebuild_search")


class Command(BaseCommand):
    help = "Write anew what households are found by: names, pinyin, initials; village by village."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--village", help="the 12-digit code of one village; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["village"]
        for village in [village_by_code(code)] if code else every_village():
            with reaching([village.pk]):
                count = rebuild_search(village=village, by=BY, at=clock.now())
            self.stdout.write(
                _("%(village)s：%(count)d 个查找词") % {"village": village.name, "count": count}
            )
