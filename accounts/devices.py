"""What a browser says it is, in two words a person recognises; never the whole string."""

from django.utils.translation import gettext_lazy as _

_MACHINES = (
    ("HarmonyOS", _("鸿蒙手机")),
    ("OpenHarmony", _("鸿蒙手机")),
    ("Android", _("安卓手机")),
    ("iPhone", _("苹果手机")),
    ("iPad", _("苹果平板")),
    ("Windows", _("Windows电脑")),
    ("Macintosh", _("苹果电脑")),
    ("Linux", _("Linux电脑")),
)
_BROWSERS = (
    ("MicroMessenger", _("微信")),
    ("Edg", "Edge"),
    ("QQBrowser", _("QQ浏览器")),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_of(user_agent: str) -> str:
    """`安卓手机 微信`; 其他设备 when nothing is known."""
    found = [
        next((str(name) for mark, name in marks if mark in user_agent), "")
        for marks in (_MACHINES, _BROWSERS)
    ]
    return " ".join(name for name in found if name) or str(_("其他设备"))
