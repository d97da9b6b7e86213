"""How the ledger's acts of two persons are shown, and what agreeing to them sets going."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Proposal
from accounts.operations import content_digest
from accounts.registry import Line, ProposalKind, Shown, register
from jobs.waking import wake
from notices import operations as notices
from notices.models import Notice
from notices.queries import body_of
from scoring import work
from scoring.models import Adoption
from scoring.operations import adoptions, corrections, publishing, reversals
from scoring.queries import corrections as found
from scoring.queries import proposing, rules
from trail import clock
from trail.actor import Actor

CLOSE = "scoring.close_month"
PUBLISH = "notices.publish_due_notices"


class FirstDayForm(forms.Form):
    """The first day on the wall."""

    publish_on = forms.DateField(
        label=gettext_lazy("哪天开始公示"),
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请填哪天开始公示。"),
            "invalid": gettext_lazy("日期请写成2026-11-01。"),
        },
    )


def _at(name: str, month: str, slug: str) -> str:
    return reverse(f"staff:{name}", kwargs={"month": month, "slug": slug})


def show_lock(proposal: Proposal) -> Shown:
    """The month's figures as they stand, and whether they are still those that were proposed."""
    month, content, figures = proposing.month_to_lock(proposal)
    moved = bytes(proposal.content_sha256) != content_digest(content)
    lines = [
        Line(_("月份"), _("%s，锁定后不能改，只能更正") % month.month, month.get_state_display()),
        Line(_("记账"), _("%d笔") % figures.count),
        Line(_("加分"), _("%d分") % figures.plus),
        Line(_("减分"), _("%d分") % abs(figures.minus)),
        Line(_("核对用的指纹"), bytes(proposal.content_sha256).hex()[:16]),
    ]
    return Shown(
        lines=lines,
        address=_at("lock", month.month, month.village.slug),
        void=_("提出以后又记了新的账，请重新核对，再提一次。") if moved else "",
    )


def approve_lock(*, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """The job that locks is asked for together with the decision."""
    month = proposing.month_to_lock(proposal).month
    job = work.approve_lock(month=month, proposal=proposal, by=by, at=at)
    wake(CLOSE, job_id=job.pk)


def show_publication(proposal: Proposal) -> Shown:
    """The notice by its title, number and short code."""
    notice = proposing.notice_to_publish(proposal)
    lines = [
        Line(_("公示"), _("公布"), notice.get_state_display()),
        Line(_("标题"), notice.title),
        Line(_("编号"), notice.number),
        Line(_("短码"), proposing.short_code_of(notice)),
    ]
    return Shown(lines=lines, address=_page_of(notice), void=_why_void(proposal, notice))


def _why_void(proposal: Proposal, notice: Notice) -> str:
    """Why agreeing would be refused, told beforehand; '' when it would not."""
    if notice.state != Notice.State.DRAFT:
        return _("这份公示已经确认过了，不用再确认。")
    content = notices.content_to_approve(body_of(notice))
    if bytes(proposal.content_sha256) != content_digest(content):
        return _("提出以后公示的内容变了，请重新核对，再提一次。")
    return ""


def _page_of(notice: Notice) -> str:
    if not notice.month:
        return ""
    name = "correct_notice" if notice.corrects_id else "notice"
    return _at(name, notice.month, notice.village.slug)


def approve_publication(
    *, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """The second person sets the day."""
    day: date = given["publish_on"]
    notice = proposing.notice_to_publish(proposal)
    publishing.approve(notice=notice, proposal=proposal, publish_on=day, by=by, at=at)
    wake(PUBLISH)


def show_correction(proposal: Proposal) -> Shown:
    """Every entry that changes, before and after."""
    asked = found.asked_by(proposal)
    lines = [
        Line(
            proposing.entry_in_words(one.entry),
            _("%d分") % one.right,
            _("%d分") % one.entry.points,
        )
        for one in asked.wrong
    ]
    month = asked.correction.month
    return Shown(lines=lines, address=_at("correct", month.month, month.village.slug))


def approve_correction(
    *, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """Reversals, new entries and the drafted notice in one transaction."""
    corrections.carry_out(correction=found.asked_by(proposal).correction, by=by, at=at)


def show_reversal(proposal: Proposal) -> Shown:
    """The entry, what it counts now, and that it will count nothing."""
    entry = proposing.entry_to_reverse(proposal)
    lines = [
        Line(_("这一笔"), _("0分"), _("%+d分") % entry.points),
        Line(_("记在哪个月"), entry.month),
        Line(_("第几笔"), _("第%d笔") % entry.pk),
    ]
    return Shown(lines=lines)


def approve_reversal(
    *, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """The ledger reverses in the same transaction."""
    reversals.carry_out(proposal=proposal, by=by, at=at)


def show_adoption(proposal: Proposal) -> Shown:
    """The book before and after, and the minutes' figures."""
    book, (minutes, first_day) = rules.book_of(proposal), adoptions.as_agreed(proposal)
    before = rules.in_force(village_id=book.village_id or 0, on=first_day)
    now = _("《%(title)s》第%(version)d版")
    lines = [
        Line(
            _("现行细则"),
            now % {"title": book.title, "version": book.version},
            now % {"title": before.title, "version": before.version} if before else _("没有"),
        ),
        Line(_("条目"), _("%d条") % rules.lines_of(book)),
        Line(_("从哪天起"), first_day.isoformat()),
        Line(_("会议"), str(Adoption.Body(minutes.body).label)),
        Line(_("开会日期"), minutes.adopted_on.isoformat()),
        Line(_("会议记录编号"), minutes.number or _("没有写")),
        *(
            Line(_("应到：%s") % Adoption.Base(base).label, str(size))
            for base, size in minutes.bases.items()
        ),
        Line(_("实到"), str(minutes.present)),
        Line(_("同意"), str(minutes.yes)),
        Line(_("不同意"), str(minutes.no)),
        Line(_("弃权"), str(minutes.abstain)),
    ]
    return Shown(lines=lines)


def approve_adoption(
    *, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """The meeting is recorded and the book in force in the same transaction."""
    adoptions.carry_out(proposal=proposal, by=by, at=at)


register(ProposalKind(Proposal.Kind.ADOPTION, show_adoption, approve_adoption))
register(ProposalKind(Proposal.Kind.REVERSAL, show_reversal, approve_reversal))
register(ProposalKind(Proposal.Kind.LOCK, show_lock, approve_lock))
register(
    ProposalKind(Proposal.Kind.PUBLICATION, show_publication, approve_publication, FirstDayForm)
)
register(ProposalKind(Proposal.Kind.CORRECTION, show_correction, approve_correction))
