from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.queries import anybody
from desk.demo import accounts, cangcheng, cards, collecting, guanwangmiao, honour, places, shitai
from trail import clock
from trail.actor import Actor
from trail.scope import reach
from villages.queries import township_by_code, villages_of

BY = Actor.system("manage.py load_demo")


class Command(BaseCommand):
    help = "Load the demo: invented people, real villages. Only where DEMO=1; only once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=0, help="another number, other inventions")

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("the demo is loaded only where DEMO=1 is set", returncode=2)
        loaded = accounts.actor(prefix=places.PREFIXES[places.SHITAI], role="township_clerk")
        if loaded is None and anybody():
            raise CommandError(_("这里已经有账号了，不再载入演示数据"), returncode=2)
        if loaded is None:
            with transaction.atomic():
                self._load(Path(settings.BASE_DIR) / "demo", clock.now(), int(str(options["seed"])))
        self._show_accounts()
        for card in cards.handed_out():
            self.stdout.write(
                _("演示户卡 %(address)s（%(village)s）验证码 %(pin)s")
                % {**asdict(card), "address": f"{settings.SITE_ADDRESS}{card.path}"}
            )

    def _show_accounts(self) -> None:
        for code, prefix in places.PREFIXES.items():
            township = township_by_code(code)
            for account in accounts.opened(township=township, prefix=prefix):
                self.stdout.write(
                    _("演示账号 %(username)s（%(place)s%(role)s %(name)s）") % asdict(account)
                )
        self.stdout.write(_("演示账号的密码都是 %s") % accounts.PASSWORD)

    def _load(self, folder: Path, at: datetime, seed: int) -> None:
        townships = [township_by_code(code) for code in places.PREFIXES]
        reach(one.pk for township in townships for one in villages_of(township_id=township.pk))
        shitai.load(
            township=township_by_code(places.SHITAI),
            register=folder / "shitai_households.xlsx",
            seed=seed,
            by=BY,
            at=at,
        )
        cangcheng.load(
            township=township_by_code(places.CANGCHENG),
            book=folder / "cangcheng_points.xlsx",
            by=BY,
            at=at,
        )
        guanwangmiao.load(township=township_by_code(places.GUANWANGMIAO), seed=seed, by=BY, at=at)
        cards.hand_out(township=township_by_code(places.CANGCHENG), by=BY, at=at)
        for code, prefix in places.PREFIXES.items():
            accounts.open_accounts(
                township=township_by_code(code), prefix=prefix, seed=seed, by=BY, at=at
            )
            collecting.begin(township=township_by_code(code), prefix=prefix, by=BY, at=at)
            honour.show_first_ten(township=township_by_code(code), by=BY, at=at)
