"""One operation is one event of the trail (I-30, ADR 0020): parts record nothing, and wholes once.

A `trail.operations.part` changes rows for the operation that calls it. So it records nothing and
only operations call it; and an operation that records calls no other one that does.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.tree import APPS, ROOT, layer, python_files

RECORD = "trail.operations.record"
PART = "trail.operations.part"
# The demo does in one command what people do step by step: each step has its own event.
SEVERAL_STEPS = {"desk.demo.year._post calls scoring.operations.closing.close_transcribed"}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


class Code:
    """Functions of the apps by their full name, with what each one calls."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        self.calls: dict[str, set[str]] = {}
        self.parts: set[str] = set()
        self._again: dict[str, str] = {}
        for path in python_files(*APPS):
            self._read(path, _module(path))

    def _read(self, path: Path, module: str) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = dict(_imported(tree))
        self._again.update({f"{module}.{name}": full for name, full in names.items()})
        local = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        names |= {name: f"{module}.{name}" for name in local}
        for name, node in local.items():
            full = f"{module}.{name}"
            self.files[full] = path
            self.calls[full] = {called for called in _called(node, names)}
            if any(PART in _named(one, names) for one in node.decorator_list):
                self.parts.add(full)

    def whole(self, name: str) -> str:
        """The function itself, where a package only hands it on."""
        while name in self._again and name not in self.calls:
            name = self._again[name]
        return name

    def called_by(self, name: str) -> set[str]:
        return {self.whole(one) for one in self.calls.get(name, ())}

    def records(self, name: str, *, seen: frozenset[str] = frozenset()) -> bool:
        """Whether it records, itself or by a private function of its module."""
        return any(
            one == RECORD or (self._is_private(one) and one not in seen and self.records(
                one, seen=seen | {name}
            ))
            for one in self.called_by(name)
        )  # fmt: skip

    def _is_private(self, name: str) -> bool:
        return name in self.calls and name.rpartition(".")[2].startswith("_")


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _named(node: ast.expr, names: dict[str, str]) -> set[str]:
    if isinstance(node, ast.Name) and node.id in names:
        return {names[node.id]}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return {f"{names[node.value.id]}.{node.attr}"} if node.value.id in names else set()
    return set()


def _called(function: ast.FunctionDef, names: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield from _named(node.func, names)


def test_i30_only_operations_call_the_parts_of_operations():
    code = Code()
    assert len(code.parts) >= 10
    wrong = [
        f"{name} calls {called}"
        for name, path in code.files.items()
        for called in code.called_by(name) & code.parts
        if layer(path) != "operations" and name not in {"accounts.registration.create_user"}
    ]
    assert wrong == []


def test_i30_a_part_of_an_operation_records_nothing():
    code = Code()
    assert [name for name in sorted(code.parts) if code.records(name)] == []


def test_i30_an_operation_that_records_calls_no_other_that_does():
    code = Code()
    recorders = {name for name in code.calls if code.records(name)}
    assert "accounts.operations.decide" in recorders
    public = {name for name in recorders if not name.rpartition(".")[2].startswith("_")}
    twice = {
        f"{name} calls {called}"
        for name in recorders
        for called in code.called_by(name) & public
        if called != RECORD
    }
    assert twice == SEVERAL_STEPS
