"""A large export, as two persons see it: of which villages, how many persons, what for."""

from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.registry import Line, ProposalKind, Shown, decide, register
from desk import operations
from desk.exporting.reach import village_ids
from files.models import Export
from trail.revealing import REASONS
from villages.queries import village_names


def show_export(proposal: Proposal) -> Shown:
    """What leaves the site, and whether it is still what was asked for."""
    export = operations.wanted_by(proposal)
    if export is None:
        return Shown()
    names = village_names(set(village_ids(export)))
    now = operations.content_to_export(export)
    moved = bytes(proposal.content_sha256) != approvals.content_digest(now)
    lines = [
        Line(_("导出什么"), export.get_what_display()),
        Line(_("哪些村"), "、".join(names.values())),
        Line(_("涉及多少人"), _("%d人") % export.persons),
        Line(_("身份证号和电话"), _numbers(export)),
        Line(_("做什么用"), export.purpose),
        Line(_("文件"), export.get_form_display()),
    ]
    if export.month:
        lines.insert(1, Line(_("月份"), export.month))
    void = _("提出以后人数或者村变了，请提出的人重新导出一次。") if moved else ""
    return Shown(lines=lines, void=void)


def _numbers(export: Export) -> str:
    if not export.full:
        return _("只有前后几位")
    return _("完整的；理由：%s") % REASONS.get(export.reason, export.reason)


register(ProposalKind(Proposal.Kind.EXPORT, show_export, decide))
