"""How staff and a household met, and who spoke."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way by which something about a household arrived."""

    HOME = "home", _("入户")
    SELF = "self", _("自主申报")
    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信")
    PAPER = "paper", _("纸质")


class SpokenBy(models.TextChoices):
    """Who said it."""

    SELF = "self", _("本人")
    FAMILY = "family", _("家人")
    ON_BEHALF = "on_behalf", _("代录")
