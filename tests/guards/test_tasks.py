"""Tasks fetch, call and stop; their names and arguments outlive a deploy."""

import ast
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, faults, layer, python_files

MOST_LINES = 8
# What JSON carries and a later release still understands.
ARGUMENTS = {"int", "str", "int | None", "str | None", "list[int]", "list[str]"}


def _decorator(function: ast.FunctionDef) -> ast.expr | None:
    for decorator in function.decorator_list:
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (getattr(name, "attr", None) or getattr(name, "id", "")) in {"shared_task", "task"}:
            return decorator
    return None


def _tasks(tree: ast.Module) -> list[tuple[ast.FunctionDef, ast.expr]]:
    return [
        (node, decorator)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (decorator := _decorator(node))
    ]


def _name(decorator: ast.expr) -> str | None:
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None


def _lines(function: ast.FunctionDef) -> int:
    """Lines of the body below its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _argument_faults(function: ast.FunctionDef) -> list[str]:
    given = function.args
    found = [
        f"{argument.arg} is not keyword-only" for argument in [*given.posonlyargs, *given.args]
    ]
    for argument in given.kwonlyargs:
        kind = ast.unparse(argument.annotation) if argument.annotation else "nothing"
        if kind not in ARGUMENTS:
            found.append(f"{argument.arg} is {kind}, not an id or text")
    if given.kwarg is None or given.kwarg.arg != "_newer":
        found.append("no **_newer for what a later release sends")
    return found


def _faults_in(app: str):
    def check(tree: ast.Module) -> list[str]:
        found = []
        for function, decorator in _tasks(tree):
            wrong = _argument_faults(function)
            if _name(decorator) != f"{app}.{function.name}":
                wrong.append(f"is named {_name(decorator)}, not {app}.{function.name}")
            if _lines(function) > MOST_LINES:
                wrong.append(f"{_lines(function)} lines")
            found += [f"line {function.lineno}: {function.name}: {fault}" for fault in wrong]
        return found

    return check


def _tasks_anywhere(tree: ast.Module) -> list[str]:
    return [f"line {function.lineno}: {function.name} is a task" for function, _ in _tasks(tree)]


def _task_files() -> list[Path]:
    return [path for path in python_files() if layer(path) == "tasks"]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("@shared_task\ndef run(**_newer): ...", "is named None, not jobs.run"),
        ("@app.task(name='run')\ndef run(**_newer): ...", "is named run, not jobs.run"),
        ("@shared_task(name='jobs.run')\ndef run(job_id: int, **_newer): ...", "not keyword-only"),
        ("@shared_task(name='jobs.run')\ndef run(*, job: Job, **_newer): ...", "job is Job"),
        ("@shared_task(name='jobs.run')\ndef run(*, job_id, **_newer): ...", "job_id is nothing"),
        ("@shared_task(name='jobs.run')\ndef run(*, job_id: int): ...", "no **_newer"),
        (
            "@shared_task(name='jobs.run')\ndef run(**_newer):\n    '''Says.'''\n"
            + "    go()\n" * 9,
            "9 lines",
        ),
    ],
)
def test_guard_sees_a_task_with(source, fault):
    (found,) = _faults_in("jobs")(ast.parse(source))
    assert fault in found


def test_guard_counts_lines_without_the_docstring():
    source = (
        "@shared_task(name='jobs.run')\ndef run(**_newer):\n    '''Says.'''\n" + "    go()\n" * 8
    )
    assert _faults_in("jobs")(ast.parse(source)) == []


def test_tasks_are_short_and_named_and_take_ids():
    found = []
    for path in _task_files():
        found += faults([path], _faults_in(path.relative_to(ROOT).parts[0]))
    assert found == []


def test_guard_finds_the_tasks_there_are():
    assert len(faults(_task_files(), _tasks_anywhere)) >= 8


def test_tasks_are_defined_in_tasks_modules_only():
    others = [path for path in python_files() if layer(path) != "tasks"]
    assert faults(others, _tasks_anywhere) == []
