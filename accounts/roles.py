"""The one table of roles and what each may do. Code, pages and the matrix read this table.

A role is the `code` of a `villages.Post`; a posting gives it in its village, or in every village
of its township when the posting names none. No role and no superuser passes round this table.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Action(StrEnum):
    """What can be done to the rows of a village."""

    VIEW_REGISTER = "view_register"
    IMPORT_REGISTER = "import_register"
    ISSUE_CARDS = "issue_cards"
    VIEW_LEDGER = "view_ledger"
    VIEW_RATINGS = "view_ratings"
    VIEW_RULES = "view_rules"
    VIEW_NOTICES = "view_notices"
    VIEW_POSTINGS = "view_postings"
    VIEW_JOBS = "view_jobs"
    VIEW_AUDIT = "view_audit"
    PROPOSE_LOCK = "propose_lock"
    APPROVE_LOCK = "approve_lock"
    PROPOSE_PUBLICATION = "propose_publication"
    APPROVE_PUBLICATION = "approve_publication"
    PROPOSE_CORRECTION = "propose_correction"
    APPROVE_CORRECTION = "approve_correction"
    PROPOSE_REVERSAL = "propose_reversal"
    APPROVE_REVERSAL = "approve_reversal"
    PROPOSE_ADOPTION = "propose_adoption"
    APPROVE_ADOPTION = "approve_adoption"
    PROPOSE_ROLE = "propose_role"
    APPROVE_ROLE = "approve_role"
    MANAGE_UNITS = "manage_units"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ACCOUNTS = "manage_accounts"
    EXPORT_REGISTER = "export_register"
    APPROVE_EXPORT = "approve_export"
    REVEAL_PERSONAL = "reveal_personal"
    SIGN_BREAK = "sign_break"


_READ_VILLAGE = frozenset(
    {
        Action.VIEW_REGISTER,
        Action.VIEW_LEDGER,
        Action.VIEW_RATINGS,
        Action.VIEW_RULES,
        Action.VIEW_NOTICES,
        Action.VIEW_POSTINGS,
    }
)
_CLERK = _READ_VILLAGE | {
    Action.IMPORT_REGISTER,
    Action.EXPORT_REGISTER,
    Action.REVEAL_PERSONAL,
    Action.ISSUE_CARDS,
    Action.VIEW_JOBS,
    Action.PROPOSE_LOCK,
    Action.PROPOSE_PUBLICATION,
    Action.PROPOSE_REVERSAL,
    Action.PROPOSE_ADOPTION,
}
_STAFFING = frozenset(
    {
        Action.MANAGE_UNITS,
        Action.MANAGE_PEOPLE,
        Action.MANAGE_ACCOUNTS,
        Action.PROPOSE_ROLE,
    }
)
# A closed month is corrected at the township's word, not at the village's.
_TOWNSHIP_CLERK = _CLERK | _STAFFING | {Action.PROPOSE_CORRECTION}
_SECOND = frozenset(
    {
        Action.APPROVE_LOCK,
        Action.APPROVE_PUBLICATION,
        Action.APPROVE_CORRECTION,
        Action.APPROVE_REVERSAL,
    }
)
_RULES_AND_NOTICES = frozenset({Action.VIEW_RULES, Action.VIEW_NOTICES})

# role -> (name in the interface, actions)
ROLES = {
    "county_administrator": (
        _("县级管理员"),
        _READ_VILLAGE | {Action.VIEW_JOBS, Action.APPROVE_ROLE},
    ),
    "township_administrator": (
        _("乡镇管理员"),
        _TOWNSHIP_CLERK
        | _SECOND
        | {Action.APPROVE_ADOPTION, Action.APPROVE_ROLE, Action.APPROVE_EXPORT},
    ),
    "township_clerk": (_("乡镇经办"), _TOWNSHIP_CLERK),
    "supervision_member": (
        _("监督小组成员"),
        _READ_VILLAGE
        | _SECOND
        | {Action.APPROVE_ADOPTION, Action.APPROVE_EXPORT, Action.SIGN_BREAK},
    ),
    "legal_officer": (_("法制员"), _RULES_AND_NOTICES | {Action.APPROVE_ADOPTION}),
    "village_clerk": (_("村文书"), _CLERK - {Action.VIEW_JOBS}),
    "committee_member": (_("两委成员"), _READ_VILLAGE | _SECOND),
    "representative": (_("村民代表"), _RULES_AND_NOTICES),
    "grid_head": (_("网格长"), _RULES_AND_NOTICES),
    "organiser": (_("组织员"), _RULES_AND_NOTICES),
    "supervisor": (_("监督员"), _RULES_AND_NOTICES),
    "contact_cadre": (_("联系干部"), _RULES_AND_NOTICES),
    "collector": (_("采集员"), _RULES_AND_NOTICES),
    "panel_member": (_("评议员"), _RULES_AND_NOTICES),
    "recorder": (_("记录员"), _RULES_AND_NOTICES),
    "shopkeeper": (_("积分超市店主"), frozenset({Action.VIEW_NOTICES})),
    "merchant": (_("商户或伙伴"), frozenset({Action.VIEW_NOTICES})),
    "auditor": (_("审计员"), _READ_VILLAGE | {Action.VIEW_JOBS, Action.VIEW_AUDIT}),
    "system_administrator": (_("系统管理员"), frozenset({Action.VIEW_JOBS})),
    "security_administrator": (
        _("安全管理员"),
        frozenset(
            {
                Action.VIEW_POSTINGS,
                Action.MANAGE_ACCOUNTS,
                Action.PROPOSE_ROLE,
                Action.APPROVE_ROLE,
            }
        ),
    ),
    "audit_administrator": (_("审计管理员"), frozenset({Action.VIEW_AUDIT})),
}


def actions_of(role: str) -> frozenset[Action]:
    """What the role may do; an unknown role may do nothing."""
    return ROLES[role][1] if role in ROLES else frozenset()


def role_name(role: str) -> str:
    """The role as it is called in the interface; an unknown role by its code."""
    return str(ROLES[role][0]) if role in ROLES else role
