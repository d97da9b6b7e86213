"""What the sheet of cards says, for the press: no name but the one its household chose to show."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from desk.household_lines import title_of
from households.models import Subject
from households.operations.card_batches import Issued
from notices import proof
from notices.printing.codes import household_address, qr_svg
from notices.printing.notice_sheet import day_in_words, demo_mark
from villages.models import Village

TEMPLATE = "cards"
PLATES = "plates"


def cards_sheet(village: Village, *, issued: Sequence[Issued], day: date) -> dict[str, Any]:
    """Eight cards a page, in the given order."""
    phone = _("有问题打电话 %s") % village.phone if village.phone else ""
    return {
        "title": _("%s户卡") % village.name,
        "site": settings.SITE_NAME,
        "demo": demo_mark(),
        "place": [village.township.name, village.name],
        "pin_title": _("户主验证码"),
        "keep": _("户主验证码，请收好，不要拍照发群里"),
        "purpose": _("手机扫码看自己家的积分，填验证码看每一笔。"),
        "help": phone,
        "issued": _("%s发，以前的卡作废") % day_in_words(day),
        "alt": _("扫码看自己家的积分"),
        "cards": [_card(one) for one in issued],
    }


def plates_sheet(village: Village, *, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Door plates: the code and the number, nobody's name and no PIN."""
    phone = _("有问题打电话 %s") % village.phone if village.phone else ""
    return {
        "title": _("%s门牌") % village.name,
        "demo": demo_mark(),
        "place": [village.township.name, village.name],
        "purpose": _("手机扫码看自己家的积分"),
        "help": phone,
        "alt": _("扫码看自己家的积分"),
        "plates": [
            {
                "code": title_of(one)[1],
                "qr": qr_svg(household_address(one.qr_token)),
                "token": proof.grouped(one.qr_token),
            }
            for one in subjects
        ],
    }


def _card(one: Issued) -> dict[str, str]:
    label, code = title_of(one.subject)
    pin = one.card.pin
    return {
        "code": code,
        "label": label,
        "qr": qr_svg(household_address(one.card.token)),
        "token": proof.grouped(one.card.token),
        "pin": f"{pin[:3]} {pin[3:]}",
    }
