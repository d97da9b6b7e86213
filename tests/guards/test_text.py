"""What people read: in gettext, in the words of the glossary, without raised voice."""

import re
from pathlib import Path

import pytest

from tests.guards.interface import (
    bare_in_code,
    bare_in_template,
    texts_of_code,
    texts_of_template,
)
from tests.guards.tree import CODE, ROOT, python_files, templates

# Chinese that is no interface text, and why. Whole files, so that the list stays short.
DATA = {
    "accounts/passwords.py": "words found in passwords, and ways to write a date",
    "config/database.py": "speaks to the operator in both languages before any page exists",
    "config/local_data.py": "speaks to the operator before any page exists",
    "config/management/commands/up.py": "speaks to the operator in both languages",
    "config/management/commands/with_services.py": "speaks to the operator in both languages",
    "config/services/binaries.py": "runs before settings and their translations are loaded",
    "config/services/bootstrap.py": "runs before settings and their translations are loaded",
    "config/services/places.py": "runs before settings and their translations are loaded",
    "config/services/postgres.py": "runs before settings and their translations are loaded",
    "config/services/supervisor.py": "log lines of the terminal, in both languages",
    "config/services/valkey.py": "runs before settings and their translations are loaded",
    "config/settings/base.py": "the site's own name, a setting",
    "desk/demo/guanwangmiao.py": "invented data",
    "households/engine/denied.py": "words found in what a form asks",
    "desk/demo/invented.py": "invented names",
    "desk/demo/rules.py": "an invented rule book",
    "desk/demo/schemes.py": "an invented star scheme",
    "desk/demo/shitai.py": "invented data",
    "households/engine/spelling.py": "readings and variants of characters",
    "households/operations/files/keeping.py": "the relation of a head, as sheets have it",
    "households/importing/cleaning.py": "words found in sheets",
    "households/importing/columns.py": "words found in sheets",
    "households/importing/dates.py": "ways to write a date in sheets",
    "households/importing/headings.py": "headings found in sheets",
    "households/importing/places.py": "names of villages and groups in sheets",
    "households/importing/rows.py": "words found in sheets",
    "households/importing/texts.py": "which characters are Han",
    "households/importing/verdicts.py": "relations found in sheets",
    "households/queries/searching.py": "ways to type a group and number",
    "households/operations/import_facts.py": "relations and sexes as sheets have them",
    "notices/masking.py": "compound surnames, which characters are Han",
    "notices/models.py": "the label of an unregistered household, as the constraint has it",
    "notices/rows.py": "ways to type a group and number",
    "scoring/engine/quorum.py": "names of laws, recorded with the adoption",
    "scoring/importing/cells.py": "ways to write points in sheets",
    "scoring/importing/headings.py": "headings found in sheets",
    "scoring/importing/rules.py": "words found in sheets",
    "scoring/importing/tables.py": "words found in sheets",
    "scoring/models/rulebooks.py": "the unit of an item, as rule books have it",
    "scoring/operations/rulebooks.py": "the unit of an item, as rule books have it",
    "villages/area_codes.py": "endings of official names",
    "villages/slugs.py": "readings of characters",
}
# ux.md §10: on the left the words nobody says at a counter.
NEVER = (
    "缓存成功", "上传成功", "同步异常", "驳回", "数据冲突", "恢复草稿", "校验失败",
    "格式错误", "必填", "拒访", "定位精度不足", "法定人数满足", "回避表决", "审议通过",
    "搁置", "回滚", "投票成功", "公示期内", "异议申请", "受理成功", "已失效",
    "校验通过", "沙箱", "预校验", "批次回退", "任务执行中", "核销", "余额不足",
    "库存不足", "网络异常", "摘星", "处罚", "暂无数据", "服务器错误", "会话超时",
    "不支持当前浏览器", "关怀模式", "请知悉", "予以", "上述",
)  # fmt: skip
# Right inside a sentence, wrong as the whole of a button or a label.
NEVER_ALONE = {"提交", "授权", "沿用", "404", "确定", "操作成功", "操作失败"}
STAFF_ONLY = ("关账",)
LOUD = re.compile(r"[!！]")


def _word_faults(text: str, *, public: bool = False) -> list[str]:
    words = [word for word in (*NEVER, *(STAFF_ONLY if public else ())) if word in text]
    alone = [text.strip()] if text.strip() in NEVER_ALONE else []
    return words + alone + LOUD.findall(text)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _is_public(path: Path) -> bool:
    return not {"admin", "staff"} & set(path.parts)


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("label = '户'", ["户"]),
        ("label = f'第{n}户'", ["第", "户"]),
        ("label = _('户') % {'a': '组'}", ["组"]),
        ("label = _('户')", []),
        ("label = ngettext('%(n)s 户', '%(n)s 户', n)", []),
        ("def go():\n    '''户'''", []),
    ],
)
def test_guard_sees_chinese_in_code_that_gettext_never_sees(source, seen):
    assert [text for _, text in bare_in_code(source)] == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<p>户</p>", 1),
        ("<p>{{ label|default:'户' }}</p>", 1),
        ("{% translate '户' %}{# 户 #}<p>{{ day|date:'n月j日' }}</p>{{ a|default:_('户') }}", 0),
        ("{% blocktranslate with n=rows %}共 {{ n }} 户{% endblocktranslate %}，", 0),
    ],
)
def test_guard_sees_chinese_in_templates_that_gettext_never_sees(text, seen):
    assert len(bare_in_template(text)) == seen


@pytest.mark.parametrize("text", ["校验失败", "请知悉", "提交", "已保存！", "Saved!"])
def test_guard_sees_words_nobody_says(text):
    assert len(_word_faults(text)) == 1


def test_guard_lets_plain_words_pass_and_keeps_staff_words_inside():
    assert _word_faults("已提交表决") == []
    assert _word_faults("关账") == []
    assert _word_faults("关账", public=True) == ["关账"]


def test_guard_reads_the_texts_of_templates():
    page = (
        "{% translate '户' %}\n{% blocktranslate %}共{% endblocktranslate %}{{ a|default:_('组') }}"
    )
    assert texts_of_template(page) == [(1, "户"), (2, "共"), (2, "组")]


def test_chinese_in_code_goes_through_gettext():
    found = [
        f"{_name(path)}:{line} {text!r}"
        for path in python_files(*CODE)
        if _name(path) not in DATA
        for line, text in bare_in_code(path.read_text())
    ]
    assert found == []


def test_list_of_files_with_chinese_data_is_true():
    stale = [
        name
        for name in DATA
        if not (ROOT / name).exists() or not bare_in_code((ROOT / name).read_text())
    ]
    assert stale == []


def test_chinese_in_templates_goes_through_gettext():
    found = [
        f"{_name(path)}:{line} {text}"
        for path in templates()
        for line, text in bare_in_template(path.read_text())
    ]
    assert found == []


def test_texts_in_code_use_plain_quiet_words():
    found = [
        f"{_name(path)}:{line} {text}: {fault}"
        for path in python_files(*CODE)
        for line, text in texts_of_code(path.read_text())
        for fault in _word_faults(text)
    ]
    assert found == []


def test_texts_in_templates_use_plain_quiet_words():
    found = [
        f"{_name(path)}:{line} {text}: {fault}"
        for path in templates()
        for line, text in texts_of_template(path.read_text())
        for fault in _word_faults(text, public=_is_public(path))
    ]
    assert found == []
