"""The one table of roles and what each may do. Code, pages and the matrix read this table.

A role is the `code` of a `villages.Post`; a posting gives it in its village, or in every village
of its township when the posting names none. No role and no superuser passes round this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Action(StrEnum):
    """What can be done to the rows of a village."""

    VIEW_REGISTER = "view_register"
    IMPORT_REGISTER = "import_register"
    ISSUE_CARDS = "issue_cards"
    MANAGE_FILES = "manage_files"
    MANAGE_COLLECTION = "manage_collection"
    CHECK_COLLECTION = "check_collection"
    COLLECT = "collect"
    VISIT = "visit"
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


# Acts that need names, ID numbers and phones of villagers. A person whose roles allow one of them
# in a village reaches its rows behind row-level security; nobody else does.
PERSONAL = frozenset(
    {
        Action.VIEW_REGISTER,
        Action.IMPORT_REGISTER,
        Action.EXPORT_REGISTER,
        Action.REVEAL_PERSONAL,
        Action.ISSUE_CARDS,
        Action.MANAGE_FILES,
        Action.CHECK_COLLECTION,
        Action.COLLECT,
        Action.VISIT,
    }
)

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
    Action.MANAGE_FILES,
    Action.CHECK_COLLECTION,
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
_TOWNSHIP_CLERK = _CLERK | _STAFFING | {Action.PROPOSE_CORRECTION, Action.MANAGE_COLLECTION}
_SECOND = frozenset(
    {
        Action.APPROVE_LOCK,
        Action.APPROVE_PUBLICATION,
        Action.APPROVE_CORRECTION,
        Action.APPROVE_REVERSAL,
    }
)
_RULES_AND_NOTICES = frozenset({Action.VIEW_RULES, Action.VIEW_NOTICES})
# Only the households that are theirs, one by one: `households.queries.collecting` and `visiting`.
_CALLS_ON_HOUSEHOLDS = _RULES_AND_NOTICES | {Action.VISIT}

# action -> what a clerk reads
ACTION_WORDS = {
    Action.VIEW_REGISTER: _("看农户档案"),
    Action.IMPORT_REGISTER: _("导入农户表和积分台账"),
    Action.ISSUE_CARDS: _("印户卡"),
    Action.MANAGE_FILES: _("改农户档案：分户、并户、迁入迁出、登记同意，替本人查、改、删"),
    Action.MANAGE_COLLECTION: _("设采集表和采集轮次，派采集任务"),
    Action.CHECK_COLLECTION: _("看采集进度，收采集记录，抽查"),
    Action.COLLECT: _("采集自己负责的户"),
    Action.VISIT: _("走访自己联系的户"),
    Action.VIEW_LEDGER: _("看积分账本和每个月的关账"),
    Action.VIEW_RATINGS: _("看星级"),
    Action.VIEW_RULES: _("看积分细则"),
    Action.VIEW_NOTICES: _("看公示和村的基本情况"),
    Action.VIEW_POSTINGS: _("看人员和任职"),
    Action.VIEW_JOBS: _("看后台在办的事"),
    Action.VIEW_AUDIT: _("看留痕记录"),
    Action.PROPOSE_LOCK: _("提出锁定月份"),
    Action.APPROVE_LOCK: _("确认锁定月份"),
    Action.PROPOSE_PUBLICATION: _("提出发布公示"),
    Action.APPROVE_PUBLICATION: _("确认发布公示"),
    Action.PROPOSE_CORRECTION: _("提出更正月份"),
    Action.APPROVE_CORRECTION: _("确认更正月份"),
    Action.PROPOSE_REVERSAL: _("提出冲正"),
    Action.APPROVE_REVERSAL: _("确认冲正"),
    Action.PROPOSE_ADOPTION: _("提出细则生效"),
    Action.APPROVE_ADOPTION: _("确认细则生效"),
    Action.PROPOSE_ROLE: _("提出给人任职，结束任职"),
    Action.APPROVE_ROLE: _("确认给人任职，确认给要第二人确认的职务开账号，清除他们的手机验证码"),
    Action.MANAGE_UNITS: _("设小组、网格、微网格、服务区，改名称"),
    Action.MANAGE_PEOPLE: _("登记人员，改姓名和电话"),
    Action.MANAGE_ACCOUNTS: _("请人开账号，停用和启用账号，让账号全部退出"),
    Action.EXPORT_REGISTER: _("提出导出农户档案"),
    Action.APPROVE_EXPORT: _("确认导出200人以上的农户档案"),
    Action.REVEAL_PERSONAL: _("写明理由以后看完整的身份证号和电话"),
    Action.SIGN_BREAK: _("账本停用以后签字确认"),
}


# Held for a whole township; every other role is held in a village or one of its units.
OF_A_TOWNSHIP = frozenset(
    {
        "county_administrator",
        "township_administrator",
        "township_clerk",
        "legal_officer",
        "system_administrator",
        "security_administrator",
        "audit_administrator",
    }
)
# Held in either.
OF_BOTH = frozenset({"auditor", "contact_cadre", "supervision_member"})

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
        | {
            Action.APPROVE_ADOPTION,
            Action.APPROVE_EXPORT,
            Action.SIGN_BREAK,
            Action.CHECK_COLLECTION,
        },
    ),
    "legal_officer": (_("法制员"), _RULES_AND_NOTICES | {Action.APPROVE_ADOPTION}),
    "village_clerk": (_("村文书"), _CLERK - {Action.VIEW_JOBS}),
    "committee_member": (_("两委成员"), _READ_VILLAGE | _SECOND),
    "representative": (_("村民代表"), _RULES_AND_NOTICES),
    "grid_head": (_("网格长"), _CALLS_ON_HOUSEHOLDS),
    "organiser": (_("组织员"), _CALLS_ON_HOUSEHOLDS),
    "supervisor": (_("监督员"), _CALLS_ON_HOUSEHOLDS),
    "contact_cadre": (_("联系干部"), _CALLS_ON_HOUSEHOLDS),
    "collector": (_("采集员"), _CALLS_ON_HOUSEHOLDS | {Action.COLLECT}),
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


# Whoever may do one of these answers for others' acts, or opens log-ins: a log-in of theirs is
# opened by two persons.
_ANSWERING = frozenset(action for action in Action if action.startswith("approve_")) | {
    Action.SIGN_BREAK,
    Action.MANAGE_ACCOUNTS,
}


@dataclass(frozen=True, slots=True)
class TwoPersons:
    """Who may ask for an act of two persons, and who may be the second."""

    asks: Action
    decides: Action


# kind of proposal -> the two actions
TWO_PERSONS = {
    "lock": TwoPersons(Action.PROPOSE_LOCK, Action.APPROVE_LOCK),
    "publication": TwoPersons(Action.PROPOSE_PUBLICATION, Action.APPROVE_PUBLICATION),
    "correction": TwoPersons(Action.PROPOSE_CORRECTION, Action.APPROVE_CORRECTION),
    "reversal": TwoPersons(Action.PROPOSE_REVERSAL, Action.APPROVE_REVERSAL),
    "adoption": TwoPersons(Action.PROPOSE_ADOPTION, Action.APPROVE_ADOPTION),
    "role": TwoPersons(Action.PROPOSE_ROLE, Action.APPROVE_ROLE),
    "export": TwoPersons(Action.EXPORT_REGISTER, Action.APPROVE_EXPORT),
    "account": TwoPersons(Action.MANAGE_ACCOUNTS, Action.APPROVE_ROLE),
}


def actions_of(role: str) -> frozenset[Action]:
    """What the role may do; an unknown role may do nothing."""
    return ROLES[role][1] if role in ROLES else frozenset()


def answers_for_others(role: str) -> bool:
    """Whether its holder is the second person of some act, or opens log-ins."""
    return bool(actions_of(role) & _ANSWERING)


def role_name(role: str) -> str:
    """The role as it is called in the interface; an unknown role by its code."""
    return str(ROLES[role][0]) if role in ROLES else role


def roles_with(action: Action) -> list[str]:
    """The roles that may do it, in the order of the table."""
    return [role for role, (_name, actions) in ROLES.items() if action in actions]


def held_in_township(role: str) -> bool:
    """Whether the role can be held for a township as a whole."""
    return role in OF_A_TOWNSHIP | OF_BOTH


def held_in_village(role: str) -> bool:
    """Whether the role can be held in a village."""
    return role in ROLES and role not in OF_A_TOWNSHIP
