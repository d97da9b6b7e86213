from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.operations.first_administrator import create_administrator
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages.models import Township
from villages.queries import township_by_code


class Command(BaseCommand):
    help = "Open the log-in of a township's first administrators; prints a one-time link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--username", required=True)
        parser.add_argument("--township", required=True, metavar="CODE")
        parser.add_argument("--role", default="township_administrator")

    def handle(
        self, *, name: str, username: str, township: str, role: str, **options: object
    ) -> None:
        try:
            token = create_administrator(
                name=name,
                username=username,
                role=role,
                township=township_by_code(township),
                by=Actor.system("accounts.create_administrator"),
                at=clock.now(),
            )
        except Township.DoesNotExist as missing:
            raise CommandError(_("没有代码是%s的乡镇") % township) from missing
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("请%s在72小时内打开下面的链接，自己设密码。只能用一次：") % name)
        self.stdout.write(settings.SITE_ADDRESS + reverse("invited", args=[token]))
