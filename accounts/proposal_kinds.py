"""A post to be given, as its two persons see it and carry it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Proposal
from accounts.operations import granting
from accounts.registry import Line, ProposalKind, Shown, register
from accounts.roles import ACTION_WORDS, Action, actions_of, role_name
from trail.actor import Actor


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


register(ProposalKind(Proposal.Kind.ROLE, _show, _approve))
