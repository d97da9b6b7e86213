"""The menu of the workspace: a few groups, each entry only for whom its page opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import Action
from trail.scope import Scope

PAGE = "page"
WITHIN = "true"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu, who finds it, and whose pages below it count as being there."""

    words: Any
    route: str
    opens: Callable[[Scope], bool]
    below: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one visitor sees it; `current` is what aria-current says."""

    words: Any
    address: str
    current: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind that this visitor may open; never empty."""

    words: Any
    links: Sequence[Link]

    @property
    def address(self) -> str:
        """Where the group's name leads: its first page."""
        return self.links[0].address

    @property
    def current(self) -> str:
        """Whether the page shown is in here, and whether it is the one its name leads to."""
        if self.links[0].current == PAGE:
            return PAGE
        return WITHIN if any(link.current for link in self.links) else ""

    @property
    def is_one(self) -> bool:
        """Whether its name says it all."""
        return len(self.links) == 1


def _allows(*actions: Action) -> Callable[[Scope], bool]:
    return lambda scope: any(scope.allows(action) for action in actions)


_ANYTHING = _allows(*Action)
GROUPS: Sequence[tuple[Any, Sequence[Entry]]] = (
    (
        _("要办的事"),
        (
            Entry(_("要办的事"), "staff:home", lambda scope: True),
            Entry(_("两人审批"), "staff:proposals", _ANYTHING, ("/staff/rules/",)),
        ),
    ),
    (
        _("月份"),
        (Entry(_("月份"), "staff:months", _allows(Action.VIEW_LEDGER), ("/staff/ledger/",)),),
    ),
    (
        _("农户"),
        (
            Entry(_("农户"), "staff:households", _allows(Action.VIEW_REGISTER)),
            Entry(_("导入"), "staff:imports", _allows(Action.IMPORT_REGISTER)),
        ),
    ),
    (
        _("走访"),
        (
            Entry(_("我的走访"), "staff:visits_mine", _allows(Action.VISIT)),
            Entry(_("走访进度"), "staff:visits", _allows(Action.CHECK_COLLECTION)),
        ),
    ),
    (
        _("采集"),
        (
            Entry(_("上门采集"), "collect", _allows(Action.COLLECT, Action.VISIT)),
            Entry(_("采集轮次"), "staff:rounds", _allows(Action.CHECK_COLLECTION)),
            Entry(_("采集表"), "staff:forms", _allows(Action.MANAGE_COLLECTION)),
            Entry(
                _("收到的记录"),
                "staff:collected_all",
                _allows(Action.CHECK_COLLECTION),
                ("/staff/files/",),
            ),
            Entry(_("填表链接"), "staff:links", _allows(Action.CHECK_COLLECTION)),
            Entry(_("采集手机"), "staff:phones", _allows(Action.CHECK_COLLECTION)),
        ),
    ),
    (
        _("人和机构"),
        (
            Entry(_("人员"), "staff:people", _allows(Action.VIEW_POSTINGS), ("/staff/postings/",)),
            Entry(
                _("乡镇和村，还缺谁"),
                "staff:places",
                _allows(Action.VIEW_POSTINGS),
                ("/staff/townships/", "/staff/units/"),
            ),
            Entry(_("每个职务能做什么"), "staff:roles", _ANYTHING),
        ),
    ),
    (
        _("公示和打印"),
        (
            Entry(_("公示"), "staff:notices", _allows(Action.VIEW_NOTICES)),
            Entry(_("印户卡"), "staff:card_villages", _allows(Action.ISSUE_CARDS)),
        ),
    ),
    (
        _("留痕和导出"),
        (
            Entry(_("留痕"), "staff:audit", _allows(Action.VIEW_AUDIT)),
            Entry(_("导出"), "staff:exports", _allows(Action.EXPORT_REGISTER, Action.VIEW_AUDIT)),
        ),
    ),
    (_("后台在办的事"), (Entry(_("后台在办的事"), "staff:jobs", _allows(Action.VIEW_JOBS)),)),
    (_("档案台"), (Entry(_("档案台"), "admin:index", _ANYTHING),)),
)


def menu(scope: Scope, *, here: str) -> list[Group]:
    """The groups in which the scope opens anything, with the page of address `here` marked."""
    groups = []
    for words, entries in GROUPS:
        links = [_link(entry, here) for entry in entries if entry.opens(scope)]
        if links:
            groups.append(Group(words, links))
    return groups


def _link(entry: Entry, here: str) -> Link:
    address = reverse(entry.route)
    if here == address:
        return Link(entry.words, address, PAGE)
    tops = entry.below if entry.route == "staff:home" else (address, *entry.below)
    return Link(entry.words, address, WITHIN if here.startswith(tuple(tops)) else "")


def staff_menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the pages of staff: who looks, and that person's menu."""
    visitor = getattr(request, "visitor", None)
    if visitor is None:
        return {}
    return {"visitor": visitor, "menu": menu(visitor.scope, here=request.path)}
