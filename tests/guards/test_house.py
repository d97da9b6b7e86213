"""The habits of the house: where code lies, how it is named, what every file leaves out."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.guards.tree import (
    APPS,
    CODE,
    ROOT,
    docstrings,
    faults,
    in_layers,
    layer,
    migrations,
    public_definitions,
    python_files,
)

TOP_FOLDERS = {
    *CODE, "templates", "static", "locale", "tests", "docs", "bench", "deploy", "demo",
}  # fmt: skip
# What a newcomer cannot guess from the name is not a name.
DRAWERS = {"util", "utils", "helper", "helpers", "common", "core", "misc", "shared", "base_classes"}
# Written apart, so that this file does not find itself.
LEFT_FOR_LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "celery.signals")
MIGRATION = re.compile(r"\d{4}_(?!auto_|initial$)[a-z0-9_]+")
MOST_LETTERS = 60


def _inline_imports(tree: ast.Module) -> list[str]:
    """Imports anywhere but at the top of the file, where they hide what depends on what."""
    inside = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return sorted(
        {
            f"line {node.lineno}: inline import"
            for outer in ast.walk(tree)
            if isinstance(outer, inside)
            for node in ast.walk(outer)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def _signals(tree: ast.Module) -> list[str]:
    """A receiver hides its caller: the operation is the event."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if any(f"{name}.".startswith(f"{signal}.") for name in names for signal in SIGNALS):
            found.append(f"line {node.lineno}: signals")
    return found


def _prints(tree: ast.Module) -> list[str]:
    return [
        f"line {node.lineno}: print"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]


def _undocumented(tree: ast.Module) -> list[str]:
    """Public functions and classes that do not say what they promise."""
    found = []
    for node in public_definitions(tree):
        inner = node.body if isinstance(node, ast.ClassDef) else []
        methods = [
            method
            for method in inner
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_")
        ]
        found += [
            f"line {one.lineno}: {one.name}"
            for one in (node, *methods)
            if not ast.get_docstring(one)
        ]
    return found


def _one_line(tree: ast.Module) -> list[str]:
    """An empty app says in one line what it is for, and nothing else."""
    said = ast.get_docstring(tree) or ""
    bare = len(tree.body) == len(docstrings(tree)) == 1
    return [] if bare and said and "\n" not in said else ["line 1: not one docstring of one line"]


def _is_drawer(path: Path) -> bool:
    return any(Path(part).stem in DRAWERS for part in path.parts)


def _name_faults(names: list[str], *, app: str, model: str) -> list[str]:
    """PostgreSQL cuts names at 63 letters: a longer one shows in errors as nobody wrote it."""
    return [
        name
        for name in names
        if len(name) > MOST_LETTERS or not re.fullmatch(rf"{app}_{model}_[a-z0-9_]+", name)
    ]


def _written_files() -> list[Path]:
    kinds = {".py", ".html", ".css", ".js", ".sql", ".toml", ".md", ".in", ".yaml"}
    return [
        path
        for folder in sorted(TOP_FOLDERS)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and path.is_file()
    ]


def _is_empty(app: str) -> bool:
    return {path.name for path in (ROOT / app).glob("*.py")} == {"__init__.py", "apps.py"}


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (_inline_imports, "def go():\n    import json"),
        (_inline_imports, "class Job:\n    def go(self):\n        from jobs import queries"),
        (_signals, "from django.db.models.signals import post_save"),
        (_signals, "from django.dispatch import receiver"),
        (_signals, "from django.db.models import signals"),
        (_prints, "print('here')"),
        (_undocumented, "def post(): ..."),
        (_undocumented, "class Post:\n    '''Says.'''\n    def go(self): ..."),
        (_one_line, ""),
        (_one_line, "'''One line\nand another.'''"),
        (_one_line, "'''One line.'''\nimport json"),
    ],
)
def test_guard_sees(check, source):
    assert len(check(ast.parse(source))) == 1


def test_guard_sees_drawers_and_bad_names():
    assert _is_drawer(Path("scoring/utils.py"))
    assert _is_drawer(Path("scoring/common/dates.py"))
    assert not _is_drawer(Path("villages/area_codes.py"))
    bad = ["once", "scoring_entry_" + "a" * 47, "scoring_entry_Once"]
    assert _name_faults([*bad, "scoring_entry_once"], app="scoring", model="entry") == bad
    assert not MIGRATION.fullmatch("0002_auto_20261121_0900")
    assert not MIGRATION.fullmatch("0001_initial")
    assert LEFT_FOR_LATER.search("# TO" + "DO: later")


def test_imports_stand_at_the_top():
    assert faults(python_files(*CODE, "tests", "bench"), _inline_imports) == []


def test_nobody_receives_signals():
    assert faults(python_files(), _signals) == []


def test_nothing_is_printed_outside_commands():
    others = [path for path in python_files() if layer(path) != "management"]
    assert faults(others, _prints) == []


def test_every_file_is_named_for_what_it_knows():
    paths = [path.relative_to(ROOT) for path in python_files(*CODE, "tests", "bench")]
    assert [str(path) for path in paths if _is_drawer(path)] == []


def test_nothing_is_left_for_later():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _written_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert found == []


def test_top_folders_are_those_of_the_design():
    found = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path.name != "var"
    }
    assert found - TOP_FOLDERS == set()


def test_apps_are_those_of_the_design_in_their_order():
    assert [app for app in settings.INSTALLED_APPS if app in APPS] == list(APPS)
    assert [app for app in APPS if not (ROOT / app / "apps.py").exists()] == []


def test_every_app_says_in_one_line_what_it_is_for():
    assert faults([ROOT / app / "__init__.py" for app in APPS], _one_line) == []


@pytest.mark.parametrize("app", [app for app in APPS if not _is_empty(app)])
def test_app_with_code_is_held_by_the_layers_contract(app):
    contracts = (ROOT / "pyproject.toml").read_text()
    (containers,) = re.findall(r"^containers = \[(.*?)\]", contracts, re.M | re.S)
    assert f'"{app}"' in containers or app == "trail"


def test_migrations_say_what_they_do():
    assert [path.name for path in migrations() if not MIGRATION.fullmatch(path.stem)] == []


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if model._meta.app_label in APPS],
    ids=lambda model: model._meta.label,
)
def test_constraint_names_say_the_rule_as_a_fact(model: type[models.Model]):
    names = [constraint.name for constraint in model._meta.constraints]
    app, name = model._meta.app_label, model._meta.model_name
    assert _name_faults(names, app=app, model=name) == []


def test_operations_queries_and_engine_say_what_they_promise():
    assert faults(in_layers("operations", "queries", "engine"), _undocumented) == []
