"""Every act the code records has words, so that no page shows a bare code."""

import ast
import re
from pathlib import Path

import pytest

from accounts.models import Proposal
from tests.guards.tree import APPS, python_files
from trail.naming import ACTS, REFUSED, act_in_words, column_named, field_in_words

# What `what` means elsewhere than in the trail.
OTHER_CALLS = {"Leak"}


def _recorded(tree: ast.Module) -> list[ast.expr]:
    return [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in OTHER_CALLS
        for keyword in node.keywords
        if keyword.arg == "what" and isinstance(keyword.value, ast.Constant | ast.JoinedStr)
    ]


def _without_words(tree: ast.Module) -> list[str]:
    """Codes that have no words; of one put together, codes none of which could be meant."""
    found = []
    for code in _recorded(tree):
        if isinstance(code, ast.Constant):
            pattern = re.escape(str(code.value))
        else:
            pattern = "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
                for part in code.values
            )
        refused = pattern.startswith(re.escape(REFUSED))
        if not refused and not any(re.fullmatch(pattern, known) for known in ACTS):
            found.append(ast.unparse(code))
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("record(what='nobody.knows')", 1),
        ("record(what=f'nobody.{to}')", 1),
        ("record(what=f'denie.{view}')", 1),
        ("record(what=f'denied.{view}')", 0),
        ("record(what='month.closed')", 0),
        ("record(what=f'month.{to}')", 0),
        ("Leak(what='name')", 0),
    ],
)
def test_guard_sees_an_act_without_words(source, found):
    assert len(_without_words(ast.parse(source))) == found


def _faults(path: Path) -> list[str]:
    return [f"{path.name}: {code}" for code in _without_words(ast.parse(path.read_text()))]


def test_every_recorded_act_has_words():
    paths = python_files(*APPS)
    assert sum(len(_recorded(ast.parse(path.read_text()))) for path in paths) > 30
    assert [fault for path in paths for fault in _faults(path)] == []


@pytest.mark.parametrize("kind", Proposal.Kind)
@pytest.mark.parametrize("step", ["proposed", "approved", "refused", "withdrawn"])
def test_every_step_of_two_persons_has_words(kind, step):
    assert f"proposal.{kind}.{step}" in ACTS


def test_a_field_is_called_as_the_records_call_it():
    assert field_in_words("households.member.phone") == "联系电话"
    assert field_in_words("households.member.gone") == "households.member.gone"
    assert column_named("no.such.thing") is None
    assert act_in_words("month.closed") == "锁定月份"
    assert act_in_words("later.happened") == "“later.happened”"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("denied.log_in", "登录失败"),
        ("denied.month.closed", "被拒绝：锁定月份"),
        ("denied.staff:person", "想看或想办没有权限的事"),
    ],
)
def test_b24_what_was_not_let_through_is_said_in_words(code, said):
    assert act_in_words(code) == said
