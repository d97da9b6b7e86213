"""Why somebody was shown a number that pages otherwise mask."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trail.errors import DomainError

REASONS: Mapping[str, object] = {
    "asked": gettext_lazy("本人要求核对"),
    "contact": gettext_lazy("要联系本人"),
    "paper": gettext_lazy("核对纸质材料"),
    "inspection": gettext_lazy("上级检查"),
    "other": gettext_lazy("其他"),
}
LONGEST_NOTE = 100
# The trail keeps the reason: nobody may type the number into it.
_NUMBER = re.compile(r"[0-9]{6,}")


class NoReason(DomainError):
    """A number is shown for a reason only, and the reason holds no number."""

    code = "no_reason"


def checked_reason(*, reason: str, note: str) -> dict[str, object]:
    """The reason as the trail keeps it; raises NoReason when there is none that will do."""
    note = note.strip()
    if reason not in REASONS:
        raise NoReason(_("请选为什么要看。"))
    if reason == "other" and not note:
        raise NoReason(_("选了“其他”，请写明为什么要看。"))
    if len(note) > LONGEST_NOTE:
        raise NoReason(_("说明最多100个字，请写短一些。"))
    if _NUMBER.search(note):
        raise NoReason(_("说明里不要写号码，请去掉。"))
    return {"reason": reason, "note": note} if note else {"reason": reason}
