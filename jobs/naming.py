"""What background jobs are called on a page."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS: Mapping[str, object] = {
    "desk.export_file": gettext_lazy("导出文件"),
    "households.check_import": gettext_lazy("检查要导入的表"),
    "households.write_import": gettext_lazy("导入农户表"),
    "scoring.close_month": gettext_lazy("锁定月份"),
    "scoring.recompute_ratings": gettext_lazy("重算星级"),
    "scoring.seal_ledger": gettext_lazy("封账"),
    "scoring.verify_ledger": gettext_lazy("核对账本"),
    "scoring.compare_witness": gettext_lazy("和存证比对"),
}
# What a job is about when it is about no village: its number as people know it.
_NUMBERED: Mapping[str, object] = {
    "households.importbatch": gettext_lazy("IMP-%(number)s"),
    "files.export": gettext_lazy("%(number)s号"),
}
_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")


def kind_in_words(kind: str) -> str:
    """What the job does; the code itself where there are no words for it."""
    return str(KINDS.get(kind, kind))


def object_in_words(key: str) -> str:
    """What the job is about beside its village, which has its own column: mostly a month."""
    about, _colon, rest = key.rpartition(":")
    found = _MONTH.fullmatch(rest)
    if found:
        said = {"year": found["year"], "month": int(found["month"])}
        return _("%(year)s年%(month)s月") % said
    if about in _NUMBERED:
        return str(_NUMBERED[about]) % {"number": rest}
    if rest == "newest":
        return _("最近一份存证")
    return _("整本账") if rest.isdecimal() and rest == key else key
