"""What the pages are called where the trail says that somebody was not let in."""

from collections.abc import Mapping

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OF_THE_API = "api:"
OF_THE_DESK = "admin:"
# Pages by their names in the resolver.
PAGES: Mapping[str, object] = {
    "staff:adopt": gettext_lazy("记下表决结果"),
    "staff:archive": gettext_lazy("月份归档"),
    "staff:audit": gettext_lazy("留痕"),
    "staff:audit_event": gettext_lazy("一条留痕"),
    "staff:card_villages": gettext_lazy("印户卡"),
    "staff:card_withdraw": gettext_lazy("收回户卡"),
    "staff:cards": gettext_lazy("印户卡"),
    "staff:cards_check": gettext_lazy("印户卡"),
    "staff:cards_issue": gettext_lazy("印户卡"),
    "staff:cards_plates": gettext_lazy("印门牌"),
    "staff:check": gettext_lazy("月份检查"),
    "staff:collected": gettext_lazy("一份采集记录"),
    "staff:collected_all": gettext_lazy("采集记录"),
    "staff:collected_choose": gettext_lazy("两份记录选一份"),
    "staff:collected_import": gettext_lazy("导入手机的文件"),
    "staff:collected_return": gettext_lazy("退回采集记录"),
    "staff:consents_due": gettext_lazy("等同意的名单"),
    "staff:correct": gettext_lazy("更正这个月"),
    "staff:correct_notice": gettext_lazy("更正公示"),
    "staff:duplicates": gettext_lazy("找重复"),
    "staff:entries": gettext_lazy("这个月的每一笔"),
    "staff:export": gettext_lazy("一份导出"),
    "staff:exports": gettext_lazy("导出"),
    "staff:file_act": gettext_lazy("改一户的档案"),
    "staff:file_add": gettext_lazy("建档"),
    "staff:find_household": gettext_lazy("按号码查农户"),
    "staff:form": gettext_lazy("一张采集表"),
    "staff:form_add": gettext_lazy("新建采集表"),
    "staff:form_preview": gettext_lazy("采集表预览"),
    "staff:forms": gettext_lazy("采集表"),
    "staff:grant": gettext_lazy("提出任职"),
    "staff:hand_over": gettext_lazy("交开号链接"),
    "staff:home": gettext_lazy("要办的事"),
    "staff:household": gettext_lazy("一户的资料"),
    "staff:households": gettext_lazy("农户"),
    "staff:import_check": gettext_lazy("导入：检查"),
    "staff:import_columns": gettext_lazy("导入：对应列"),
    "staff:import_confirm": gettext_lazy("导入：确认"),
    "staff:import_done": gettext_lazy("导入：结果"),
    "staff:import_template": gettext_lazy("导入模板"),
    "staff:imports": gettext_lazy("导入"),
    "staff:invite": gettext_lazy("发开号链接"),
    "staff:job": gettext_lazy("一个任务"),
    "staff:jobs": gettext_lazy("任务"),
    "staff:ledger": gettext_lazy("核对账本"),
    "staff:link_revoke": gettext_lazy("作废填表链接"),
    "staff:links": gettext_lazy("填表链接"),
    "staff:lock": gettext_lazy("锁定月份"),
    "staff:log_in": gettext_lazy("管账号"),
    "staff:month": gettext_lazy("一个月"),
    "staff:months": gettext_lazy("月份"),
    "staff:notice": gettext_lazy("月份公示"),
    "staff:notices": gettext_lazy("公示"),
    "staff:objections": gettext_lazy("意见"),
    "staff:people": gettext_lazy("人员"),
    "staff:own_data": gettext_lazy("给本人复制资料"),
    "staff:person": gettext_lazy("一个人员"),
    "staff:person_act": gettext_lazy("改一个成员"),
    "staff:person_add": gettext_lazy("登记人员"),
    "staff:person_edit": gettext_lazy("修改人员"),
    "staff:phone_restore": gettext_lazy("恢复采集手机"),
    "staff:phone_revoke": gettext_lazy("停用采集手机"),
    "staff:phones": gettext_lazy("采集手机"),
    "staff:photo": gettext_lazy("照片"),
    "staff:photo_original": gettext_lazy("照片原件"),
    "staff:places": gettext_lazy("村和片区"),
    "staff:posting_end": gettext_lazy("结束任职"),
    "staff:progress": gettext_lazy("采集进度"),
    "staff:progress_table": gettext_lazy("采集进度表"),
    "staff:proposal": gettext_lazy("一件两人审批"),
    "staff:proposals": gettext_lazy("两人审批"),
    "staff:question": gettext_lazy("采集表的一个问题"),
    "staff:question_add": gettext_lazy("加问题"),
    "staff:question_when": gettext_lazy("什么时候问"),
    "staff:rate": gettext_lazy("重算星级"),
    "staff:reveal": gettext_lazy("看完整号码"),
    "staff:reveal_phone": gettext_lazy("看完整电话"),
    "staff:reverse": gettext_lazy("申请冲正"),
    "staff:reverse_entry": gettext_lazy("申请冲正一笔"),
    "staff:review": gettext_lazy("核对月份"),
    "staff:roles": gettext_lazy("谁能做什么"),
    "staff:round": gettext_lazy("一个采集轮次"),
    "staff:round_add": gettext_lazy("新建采集轮次"),
    "staff:round_assign": gettext_lazy("派采集任务"),
    "staff:round_assign_village": gettext_lazy("派一个村的采集任务"),
    "staff:round_check": gettext_lazy("一户抽查"),
    "staff:round_checks": gettext_lazy("抽查"),
    "staff:round_edit": gettext_lazy("改采集轮次"),
    "staff:round_paper_key": gettext_lazy("录纸质表"),
    "staff:round_paper_print": gettext_lazy("印纸质表"),
    "staff:round_papers": gettext_lazy("纸质表"),
    "staff:rounds": gettext_lazy("采集轮次"),
    "staff:township": gettext_lazy("一个乡镇"),
    "staff:unit": gettext_lazy("一个片区"),
    "staff:unit_fill": gettext_lazy("往片区里划户"),
    "staff:units": gettext_lazy("片区"),
    "staff:verify": gettext_lazy("要求核对账本"),
    "staff:village": gettext_lazy("一个村"),
    "staff:visit": gettext_lazy("记走访"),
    "staff:visit_made": gettext_lazy("一次走访"),
    "staff:visit_contacts": gettext_lazy("派联系户"),
    "staff:visit_draw": gettext_lazy("抽半年督查的户"),
    "staff:visits": gettext_lazy("走访进度"),
    "staff:visits_mine": gettext_lazy("我的走访"),
}


def page_in_words(name: str) -> str:
    """The page, the desk's list or the part of the API of this name; '' where it has no words."""
    if name in PAGES:
        return str(PAGES[name])
    if name.startswith(OF_THE_API):
        return _("程序接口 %(part)s") % {"part": name.removeprefix(OF_THE_API)}
    if name.startswith(OF_THE_DESK):
        return _at_the_desk(name.removeprefix(OF_THE_DESK))
    return ""


def _at_the_desk(name: str) -> str:
    """`households_subject_change` as 档案台的农户."""
    app, _line, rest = name.partition("_")
    try:
        kind = str(apps.get_model(app, rest.partition("_")[0])._meta.verbose_name)
    except (LookupError, ValueError):
        return _("档案台")
    return _("档案台的%(kind)s") % {"kind": kind}


def tried_in_words(about: str) -> str:
    """What an attempt was about, `staff:month 2026-10 xiawan`, with the page in words."""
    name, _space, numbers = about.partition(" ")
    words = page_in_words(name)
    return f"{words} {numbers}".strip() if words else about
