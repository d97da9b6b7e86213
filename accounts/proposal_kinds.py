"""A post to be given and a log-in to be opened, as two persons see and carry them out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import Proposal
from accounts.operations import granting, links_of_two
from accounts.registry import Line, ProposalKind, Shown, register
from accounts.roles import ACTION_WORDS, Action, actions_of, role_name
from trail.actor import Actor
from trail.clock import today
from villages import queries as village_queries


def _show(proposal: Proposal) -> Shown:
    wanted = granting.wanted_by(proposal)
    place = granting.place_in_words(wanted.township, wanted.village, wanted.unit)
    may = [str(ACTION_WORDS[action]) for action in Action if action in actions_of(wanted.role)]
    lines = [
        Line(_("谁"), wanted.person.name),
        Line(_("职务"), role_name(wanted.role)),
        Line(_("在哪里"), place if wanted.village else _("%s（全镇）") % place),
        Line(_("从哪天开始"), date_format(wanted.from_on)),
        Line(_("到哪天为止"), date_format(wanted.to_on) if wanted.to_on else _("没有定")),
        Line(_("产生方式"), str(wanted.route.label)),
        Line(_("这个职务能做"), "；".join(may)),
    ]
    if wanted.qualification:
        lines.append(Line(_("资格"), wanted.qualification))
    if wanted.deputy_of:
        lines.append(Line(_("代替谁"), wanted.deputy_of.person.name))
    return Shown(lines=lines)


def _approve(*, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime) -> None:
    granting.carry_out(proposal=proposal, by=by, at=at)


def _show_link(proposal: Proposal) -> Shown:
    person, username = links_of_two.wanted_by(proposal)
    held = village_queries.postings_in_force(person_id=person.pk, on=today())
    posts = [
        granting.place_in_words(row.township, row.village, None) + role_name(row.post.code)
        for row in held
    ]
    log_ins = [user.username for user in queries.log_ins_of(person_id=person.pk)]
    return Shown(
        lines=[
            Line(_("谁"), person.name),
            Line(_("账号"), username),
            Line(_("现在的任职"), "；".join(posts) or _("没有")),
            Line(_("已经有的账号"), "、".join(log_ins) or _("没有")),
            Line(_("同意以后"), _("链接只给同意的人看一次，由他当面交给本人。")),
        ]
    )


def _approve_link(*, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime) -> None:
    links_of_two.agree(proposal=proposal, by=by, at=at)


register(ProposalKind(Proposal.Kind.ROLE, _show, _approve))
register(ProposalKind(Proposal.Kind.ACCOUNT, _show_link, _approve_link))
