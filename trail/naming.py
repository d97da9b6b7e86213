"""What records and codes are called on a page: plain words, and never a query."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Before an act that was not let through.
REFUSED = "denied."
ACTS: Mapping[str, object] = {
    "accounts.invitation_accepted": gettext_lazy("用链接设密码"),
    "accounts.invitation_withdrawn": gettext_lazy("作废开号链接"),
    "accounts.invited": gettext_lazy("发开号链接"),
    "accounts.logged_in": gettext_lazy("登录"),
    "accounts.logged_out": gettext_lazy("退出"),
    "accounts.password_changed": gettext_lazy("换密码"),
    "accounts.recovery_codes_made": gettext_lazy("换备用码"),
    "accounts.resumed": gettext_lazy("恢复账号"),
    "accounts.second_factor_reset": gettext_lazy("清除手机验证码"),
    "accounts.second_factor_set_up": gettext_lazy("设置手机验证码"),
    "accounts.second_factor_taken_off": gettext_lazy("停用手机验证码"),
    "accounts.sessions_ended": gettext_lazy("让账号在别的设备上退出"),
    "accounts.suspended": gettext_lazy("停用账号"),
    "accounts.user_created": gettext_lazy("开账号"),
    "assignment.checks_drawn": gettext_lazy("抽查采集记录"),
    "assignment.made": gettext_lazy("派采集任务"),
    "assignment.passed_on": gettext_lazy("采集任务交给别人"),
    "assignment.withdrawn": gettext_lazy("收回采集任务"),
    "decisions.recorded": gettext_lazy("记下评定结果"),
    "denied.account_locked": gettext_lazy("输错5次，账号停用一会儿"),
    "denied.account_rests": gettext_lazy("账号停用期间又来登录"),
    "denied.log_in": gettext_lazy("登录失败"),
    "denied.network_rests": gettext_lazy("同一网络输错太多"),
    "export.asked": gettext_lazy("提出导出"),
    "export.cancelled": gettext_lazy("停止导出"),
    "export.downloaded": gettext_lazy("下载导出文件"),
    "export.made": gettext_lazy("做好导出文件"),
    "export.started": gettext_lazy("开始做大批导出"),
    "export.wiped": gettext_lazy("清掉到期导出文件"),
    "entry.reversed": gettext_lazy("冲正一笔"),
    "form.changed": gettext_lazy("改采集表"),
    "form.drafted": gettext_lazy("起草采集表"),
    "form.in_use": gettext_lazy("启用采集表"),
    "form.retired": gettext_lazy("停用采集表"),
    "hold.opened": gettext_lazy("提出未办事项"),
    "hold.released": gettext_lazy("办完未办事项"),
    "households.addresses_guessed": gettext_lazy("有人乱试户码"),
    "households.card_issued": gettext_lazy("发户卡"),
    "households.card_locked": gettext_lazy("户卡锁住"),
    "households.card_opened": gettext_lazy("解开户卡"),
    "households.card_withdrawn": gettext_lazy("收回户卡"),
    "households.cards_issued": gettext_lazy("发一批户卡"),
    "households.consent_recorded": gettext_lazy("登记同意"),
    "households.consent_withdrawn": gettext_lazy("登记撤回同意"),
    "households.file_closed": gettext_lazy("销户"),
    "households.file_opened": gettext_lazy("建档"),
    "households.file_renamed": gettext_lazy("改名称"),
    "households.file_renumbered": gettext_lazy("换组或换户号"),
    "households.file_reopened": gettext_lazy("恢复销掉的户"),
    "households.file_split": gettext_lazy("分户"),
    "households.files_merged": gettext_lazy("并户"),
    "households.head_changed": gettext_lazy("换户主"),
    "households.imported": gettext_lazy("导入农户"),
    "households.member_added": gettext_lazy("登记成员"),
    "households.member_corrected": gettext_lazy("改成员资料"),
    "households.member_died": gettext_lazy("登记去世"),
    "households.member_erased": gettext_lazy("删除个人资料"),
    "households.member_left": gettext_lazy("登记迁出"),
    "households.member_moved": gettext_lazy("成员换户"),
    "households.member_returned": gettext_lazy("登记迁回"),
    "households.number_looked_up": gettext_lazy("按号码查人"),
    "households.number_revealed": gettext_lazy("查看完整号码"),
    "households.opened_from_points": gettext_lazy("照积分表建农户"),
    "households.publish_choice_recorded": gettext_lazy("登记公示方式"),
    "households.own_data_copied": gettext_lazy("给本人复制资料"),
    "households.search_rebuilt": gettext_lazy("重建查找词"),
    "households.subjects_added": gettext_lazy("建农户"),
    "import.cancelled": gettext_lazy("停止导入"),
    "import.check_asked": gettext_lazy("重新检查要导入的表"),
    "import.columns_chosen": gettext_lazy("对应要导入的列"),
    "import.confirmed": gettext_lazy("确认导入"),
    "import.columns_forgotten": gettext_lazy("忘掉记下的对应列"),
    "import.dropped": gettext_lazy("放弃导入"),
    "import.refused_downloaded": gettext_lazy("下载导入时出错的行"),
    "import.rows_typed": gettext_lazy("改要导入的行"),
    "import.undone": gettext_lazy("撤销导入"),
    "import.uploaded": gettext_lazy("上传要导入的表"),
    "import.wiped": gettext_lazy("清掉到期的导入文件"),
    "ledger.break_signed": gettext_lazy("签字确认账本问题"),
    "ledger.check_asked": gettext_lazy("要求核对账本"),
    "ledger.exported": gettext_lazy("导出账本"),
    "ledger.mended": gettext_lazy("重算合计"),
    "ledger.posted": gettext_lazy("记账"),
    "ledger.sealed": gettext_lazy("封账"),
    "ledger.stopped": gettext_lazy("账本停用"),
    "ledger.witnessed": gettext_lazy("导出存证"),
    "attachment.original_read": gettext_lazy("看照片原件"),
    "attachment.refused": gettext_lazy("没有收一张照片"),
    "attachment.stored": gettext_lazy("收到照片"),
    "collection.conflict_settled": gettext_lazy("两份采集有冲突，选定答案"),
    "collection.link_made": gettext_lazy("发填表链接"),
    "collection.link_revoked": gettext_lazy("作废填表链接"),
    "collection.phone_known": gettext_lazy("采集手机第一次联网"),
    "collection.phone_restored": gettext_lazy("恢复采集手机"),
    "collection.phone_revoked": gettext_lazy("停用采集手机"),
    "collection.record_arrived": gettext_lazy("收到采集记录"),
    "collection.record_completed": gettext_lazy("采集记录的照片到齐"),
    "collection.record_opened": gettext_lazy("打开采集记录"),
    "collection.record_recalled": gettext_lazy("撤回采集记录"),
    "collection.record_returned": gettext_lazy("退回采集记录"),
    "month.closed": gettext_lazy("锁定月份"),
    "month.closed_as_transcribed": gettext_lazy("锁定照录月份"),
    "month.corrected": gettext_lazy("更正月份"),
    "month.final": gettext_lazy("月份归档"),
    "month.prepared": gettext_lazy("准备锁定月份"),
    "month.published": gettext_lazy("月份公示"),
    "month.reviewed": gettext_lazy("核对月份"),
    "notices.codes_guessed": gettext_lazy("有人乱试核对码"),
    "notice.approved": gettext_lazy("同意公示"),
    "notice.drafted": gettext_lazy("起草公示"),
    "notice.published": gettext_lazy("发布公示"),
    "points.imported": gettext_lazy("导入积分"),
    "proposal.account.approved": gettext_lazy("同意发开号链接"),
    "proposal.account.proposed": gettext_lazy("提出发开号链接"),
    "proposal.account.refused": gettext_lazy("不同意发开号链接"),
    "proposal.account.withdrawn": gettext_lazy("撤回发开号链接"),
    "proposal.adoption.approved": gettext_lazy("同意采用细则"),
    "proposal.adoption.proposed": gettext_lazy("提出采用细则"),
    "proposal.adoption.refused": gettext_lazy("不同意采用细则"),
    "proposal.adoption.withdrawn": gettext_lazy("撤回采用细则"),
    "proposal.correction.approved": gettext_lazy("同意更正月份"),
    "proposal.correction.proposed": gettext_lazy("提出更正月份"),
    "proposal.correction.refused": gettext_lazy("不同意更正月份"),
    "proposal.correction.withdrawn": gettext_lazy("撤回更正月份"),
    "proposal.export.approved": gettext_lazy("同意导出名册"),
    "proposal.export.proposed": gettext_lazy("提出导出名册"),
    "proposal.export.refused": gettext_lazy("不同意导出名册"),
    "proposal.export.withdrawn": gettext_lazy("撤回导出名册"),
    "proposal.lock.approved": gettext_lazy("同意锁定月份"),
    "proposal.lock.proposed": gettext_lazy("提出锁定月份"),
    "proposal.lock.refused": gettext_lazy("不同意锁定月份"),
    "proposal.lock.withdrawn": gettext_lazy("撤回锁定月份"),
    "proposal.publication.approved": gettext_lazy("同意发布公示"),
    "proposal.publication.proposed": gettext_lazy("提出发布公示"),
    "proposal.publication.refused": gettext_lazy("不同意发布公示"),
    "proposal.publication.withdrawn": gettext_lazy("撤回发布公示"),
    "proposal.reversal.approved": gettext_lazy("同意冲正"),
    "proposal.reversal.proposed": gettext_lazy("提出冲正"),
    "proposal.reversal.refused": gettext_lazy("不同意冲正"),
    "proposal.reversal.withdrawn": gettext_lazy("撤回冲正"),
    "proposal.role.approved": gettext_lazy("同意授予身份"),
    "proposal.role.proposed": gettext_lazy("提出授予身份"),
    "proposal.role.refused": gettext_lazy("不同意授予身份"),
    "proposal.role.withdrawn": gettext_lazy("撤回授予身份"),
    "ratings.asked": gettext_lazy("要求重算星级"),
    "ratings.recomputed": gettext_lazy("重算星级"),
    "receipts.forgotten": gettext_lazy("清掉三个月以前的请求回执"),
    "round.changed": gettext_lazy("改采集轮次"),
    "round.closed": gettext_lazy("结束采集轮次"),
    "round.drafted": gettext_lazy("建采集轮次"),
    "round.opened": gettext_lazy("开始采集轮次"),
    "rulebook.drafted": gettext_lazy("起草细则"),
    "rulebook.in_force": gettext_lazy("细则生效"),
    "rulebook.submitted": gettext_lazy("细则送审"),
    "scheme.in_force": gettext_lazy("星级方案生效"),
    "trail.purged": gettext_lazy("清理到期留痕"),
    "village.first_places_shown": gettext_lazy("公开前几名"),
    "villages.divisions_loaded": gettext_lazy("载入区划"),
    "villages.people_added": gettext_lazy("登记人员"),
    "villages.person_changed": gettext_lazy("修改人员"),
    "villages.posting_ended": gettext_lazy("结束任职"),
    "villages.phone_revealed": gettext_lazy("查看完整电话"),
    "villages.postings_opened": gettext_lazy("登记任职"),
    "villages.unit_added": gettext_lazy("设片区"),
    "villages.unit_renamed": gettext_lazy("片区改名"),
    "villages.work_groups_added": gettext_lazy("登记工作小组"),
    "households.group_changed": gettext_lazy("农户换组"),
    "households.kin_recorded": gettext_lazy("登记亲属"),
    "households.placed": gettext_lazy("划进片区"),
    "households.unit_closed": gettext_lazy("撤销片区"),
    "households.unit_split": gettext_lazy("分出新片区"),
    "households.units_merged": gettext_lazy("合并片区"),
    "villages.merged": gettext_lazy("村并入别的村"),
    "villages.recoded": gettext_lazy("换村代码"),
    "villages.unit_put_in": gettext_lazy("划定上级片区"),
    "visits.contacts_assigned": gettext_lazy("派联系户"),
    "visits.contacts_ended": gettext_lazy("结束联系户"),
    "visits.inspection_drawn": gettext_lazy("抽督查户"),
    "visits.recorded": gettext_lazy("记走访"),
}


# `denied.<page>` and `refused.<why>`: what was tried and did not happen.
ATTEMPTS: Mapping[str, object] = {
    "denied": gettext_lazy("想看或想办没有权限的事"),
    "refused": gettext_lazy("想办没有办成"),
}


def act(code: str) -> str:
    """What was done, in words and with its code; the code alone where there are no words."""
    words = _words(code)
    return f"{words} {code}" if words else code


def act_in_words(code: str) -> str:
    """What was done, in words alone, inside a sentence; a code without words in quotes."""
    return _words(code) or f"“{code}”"


def _words(code: str) -> str:
    """Words of the code's own, or for an attempt those of what was attempted."""
    if code in ACTS:
        return str(ACTS[code])
    tried = code.removeprefix(REFUSED)
    if tried in ACTS:
        return _("被拒绝：%(act)s") % {"act": ACTS[tried]}
    return str(ATTEMPTS.get(code.partition(".")[0], ""))


def column_named(field: str) -> "models.Field[Any, Any] | None":
    """The column `households.member.phone`; None when there is no such any more."""
    label, _dot, name = field.rpartition(".")
    try:
        column: models.Field[Any, Any] = apps.get_model(label)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return column


def field_in_words(field: str) -> str:
    """A column as the records call it; its code when there is none."""
    column = column_named(field)
    return str(column.verbose_name) if column is not None else field


def referenced(about: str) -> str:
    """`scoring.month:96` as 月份 96号; what names no record of ours stays as it is.

    Of `villages.person:7:collector`, a post that somebody may get, the record is the person.
    """
    label, number = (*about.split(":"), "")[:2]
    try:
        kind = apps.get_model(label)._meta.verbose_name
    except (LookupError, ValueError):
        return about
    if not number:
        return str(kind)
    return _("%(kind)s %(number)s号") % {"kind": kind, "number": number}


def loaded(row: models.Model, relation: str) -> str:
    """The title of the row's other record if it was read along; '' rather than a query."""
    if not row._meta.get_field(relation).is_cached(row):  # type: ignore[union-attr]
        return ""
    return str(getattr(row, relation) or "")
