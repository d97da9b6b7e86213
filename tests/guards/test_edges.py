"""Edges call one query or operation and answer; operations know nothing of edges."""

import ast

import pytest

from tests.guards.tree import (
    APPS,
    ROOT,
    edges,
    faults,
    in_layers,
    layer,
    public_definitions,
    python_files,
)

MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
WRITES = {
    "save", "asave", "delete", "adelete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create", "select_for_update", "cursor", "raw", "execute",
}  # fmt: skip
ENQUEUES = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task"}
EDGE_MODULES = (
    "celery", "django.contrib.admin", "django.contrib.messages", "django.http", "django.shortcuts",
    "django.template", "django.urls", "django.views", "rest_framework",
)  # fmt: skip
CLOCKS = {"now", "today", "localdate", "localtime", "utcnow"}
# Who may ask the database in its own words.
MAY_QUERY = {"models", "queries", "operations", "guards", "migrations"}
MAY_QUERY_TOO = {"trail/desk.py": "the one generic page of the records desk, always within a scope"}


def _imported_models(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[1:2] == ["models"]
        for alias in node.names
    }


def _queries(tree: ast.Module) -> list[str]:
    """Queries made in place: a manager, or a shortcut that is given a bare model."""
    models = _imported_models(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            found.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.Call) and _called(node) in SHORTCUTS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Name) and first.id in models:
                found.append(f"line {node.lineno}: {_called(node)}({first.id})")
    return found


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def _calls(names: set[str]):
    def check(tree: ast.Module) -> list[str]:
        return [
            f"line {node.lineno}: .{node.func.attr}("
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in names
        ]

    return check


def _enqueues(tree: ast.Module) -> list[str]:
    """Also a task passed on without being called, as in `on_commit(task.delay)`."""
    return [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ENQUEUES
    ]


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _imports_of_edges(tree: ast.Module) -> list[str]:
    return [
        f"line {node.lineno}: imports {module}"
        for node in ast.walk(tree)
        for module in _modules(node)
        if any(f"{module}.".startswith(f"{edge}.") for edge in EDGE_MODULES)
    ]


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _takes_a_request(tree: ast.Module) -> list[str]:
    return [
        f"line {node.lineno}: {node.name} sees a request"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(argument.arg == "request" for argument in _arguments(node))
    ]


def _positional(tree: ast.Module) -> list[str]:
    """Operations, known by their doer or time, that can be called without naming what is given."""
    return [
        f"line {node.lineno}: {node.name}({argument.arg}) is not keyword-only"
        for node in public_definitions(tree)
        if isinstance(node, ast.FunctionDef)
        and {"by", "at"} & {argument.arg for argument in _arguments(node)}
        for argument in [*node.args.posonlyargs, *node.args.args]
    ]


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (_queries, "rows = Village.objects.all()"),
        (_queries, "rows = Village._default_manager.all()"),
        (
            _queries,
            "from villages.models import Village\nfound = get_object_or_404(Village, pk=1)",
        ),
        (_calls(WRITES), "village.save(update_fields=['name'])"),
        (_calls(WRITES), "rows.delete()"),
        (_calls(WRITES), "connection.cursor()"),
        (_enqueues, "on_commit(close_month.delay)"),
        (_enqueues, "current_app.send_task('x')"),
        (_imports_of_edges, "from django.shortcuts import render"),
        (_imports_of_edges, "from django import http"),
        (_imports_of_edges, "import celery"),
        (_takes_a_request, "def approve(*, claim, request): ..."),
        (_positional, "def approve(claim, *, by): ..."),
        (_calls(CLOCKS), "at = clock.now()"),
    ],
)
def test_guard_sees(check, source):
    assert len(check(ast.parse(source))) == 1


def test_edges_make_no_query_of_their_own():
    assert faults(edges(), _queries) == []


def test_edges_write_nothing_themselves():
    assert faults(edges(), _calls(WRITES)) == []


def test_only_models_queries_and_operations_use_managers():
    others = [
        path
        for path in python_files(*APPS)
        if layer(path) not in MAY_QUERY and str(path.relative_to(ROOT)) not in MAY_QUERY_TOO
    ]
    assert faults(others, _queries) == []


def test_operations_and_queries_never_enqueue():
    assert faults(in_layers("operations", "queries"), _enqueues) == []


def test_operations_and_queries_import_nothing_of_the_edges():
    assert faults(in_layers("operations", "queries"), _imports_of_edges) == []


def test_operations_and_queries_see_no_request():
    assert faults(in_layers("operations", "queries"), _takes_a_request) == []


def test_operations_are_called_by_keyword():
    assert faults(in_layers("operations"), _positional) == []


def test_operations_are_told_the_time():
    assert faults(in_layers("operations", "engine"), _calls(CLOCKS)) == []
