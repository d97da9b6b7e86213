"""What became of a file, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.models import FileChange

Kind = FileChange.Kind
# One about a person where one is named, one about the file.
_OF_PERSON: Mapping[str, object] = {
    Kind.JOINED: gettext_lazy("%(who)s到了这一户"),
    Kind.MOVED: gettext_lazy("%(who)s换到了%(other)s"),
    Kind.LEFT: gettext_lazy("%(who)s迁出"),
    Kind.RETURNED: gettext_lazy("%(who)s迁回"),
    Kind.DECEASED: gettext_lazy("%(who)s去世"),
    Kind.HEAD: gettext_lazy("户主换成%(who)s"),
    Kind.CORRECTED: gettext_lazy("改了%(who)s的资料"),
    Kind.CONSENT: gettext_lazy("登记了%(who)s的同意或撤回"),
    Kind.ERASED: gettext_lazy("删除了一个人的个人资料"),
}
_OF_FILE: Mapping[str, object] = {
    Kind.OPENED: gettext_lazy("建档"),
    Kind.RENUMBERED: gettext_lazy("换了组或户号"),
    Kind.SPLIT: gettext_lazy("分出了%(other)s"),
    Kind.CLOSED: gettext_lazy("销户"),
    Kind.REOPENED: gettext_lazy("恢复"),
    Kind.CORRECTED: gettext_lazy("改了名称"),
    Kind.CONSENT: gettext_lazy("登记了这一户的同意或撤回"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history as it is read, with the file it leads to."""

    change: FileChange
    sentence: str


def lines_of(changes: Sequence[FileChange]) -> list[Line]:
    """The history in sentences; the files and people are read along, so no query is made."""
    return [Line(change, _sentence(change)) for change in changes]


def _sentence(change: FileChange) -> str:
    other = str(change.other) if change.other else ""
    # A child who waits for the guardian's consent stands on no page.
    shown = change.member is not None and change.member.state not in change.member.HIDDEN
    who = change.member.name if change.member and shown else ""
    if change.kind == Kind.MERGED:
        here = change.subject.state == change.subject.State.CLOSED
        return _("并到%s，销户") % other if here else _("%s并了进来") % other
    if change.kind == Kind.OPENED and other:
        return _("从%s分出来，建档") % other
    words = _OF_PERSON if change.member else _OF_FILE
    plain = words.get(change.kind, change.get_kind_display())
    return str(plain) % {"who": who or _("一个人"), "other": other or _("另一户")}
