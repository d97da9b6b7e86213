"""A test that commits takes a database of its own; the shared one is only ever rolled back.

The usual flush after a committing test is refused by the append-only guards, and what it leaves
behind would reach every later test.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
REFUSED_NAMES = {
    "TransactionTestCase": "use the fixture committed_db",
    "LiveServerTestCase": "use the fixture live_site",
    "StaticLiveServerTestCase": "use the fixture live_site",
    "live_server": "use the fixture live_site",
    "transactional_db": "use the fixture committed_db",
    "django_db_reset_sequences": "use the fixture committed_db",
    "django_db_serialized_rollback": "use the fixture committed_db",
}


def _faults(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        name = (
            getattr(node, "id", None)
            or getattr(node, "attr", None)
            or getattr(node, "arg", None)
            or (node.value if isinstance(node, ast.Constant) else None)
        )
        if isinstance(name, str) and name in REFUSED_NAMES:
            found.append(f"line {node.lineno}: {name}, {REFUSED_NAMES[name]}")
        if isinstance(node, ast.keyword) and node.arg == "transaction":
            found.append(f"line {node.value.lineno}: transaction=, use the fixture committed_db")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "@pytest.mark.django_db(transaction=True)\ndef test(): ...",
        "def test(live_server): ...",
        "def test(transactional_db): ...",
        "class Test(TransactionTestCase): ...",
        "class Test(django.test.LiveServerTestCase): ...",
        "pytestmark = pytest.mark.usefixtures('transactional_db')",
    ],
)
def test_guard_sees_every_way_to_commit_on_the_shared_database(source):
    assert len(_faults(source)) == 1


def test_no_test_commits_on_the_shared_database():
    faults = [
        f"{path.relative_to(TESTS)} {fault}"
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__)
        for fault in _faults(path.read_text())
    ]
    assert faults == []
