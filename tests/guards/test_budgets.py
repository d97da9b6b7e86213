"""How long files and functions may be (style.md §13). Migrations apart; lines are raw."""

import ast
import statistics
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, faults, layer, python_files

FILE_MEDIAN, FILE_SOON, FILE_MOST = 90, 300, 400
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MOST = 8, 30, 50
VIEW_MOST = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def _p90(lengths: list[int]) -> float:
    return statistics.quantiles(lengths, n=10, method="inclusive")[-1]


def _file_faults(lengths: dict[str, int]) -> list[str]:
    median = statistics.median(lengths.values())
    found = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > FILE_MOST]
    if median > FILE_MEDIAN:
        found.append(f"median of {len(lengths)} files: {median} lines")
    return found


def _function_faults(lengths: dict[str, int]) -> list[str]:
    counts = list(lengths.values())
    median, p90 = statistics.median(counts), _p90(counts)
    found = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > FUNCTION_MOST]
    if median > FUNCTION_MEDIAN:
        found.append(f"median of {len(counts)} functions: {median} lines")
    if p90 > FUNCTION_P90:
        found.append(f"nine of ten of {len(counts)} functions: {p90} lines")
    return found


def _long_views(tree: ast.Module) -> list[str]:
    """Pages: functions of a view module that take a request."""
    return [
        f"line {function.lineno}: {function.name}: {_length(function)} lines"
        for function in _functions(tree)
        if "request" in [argument.arg for argument in function.args.args]
        and _length(function) > VIEW_MOST
    ]


def _file_lengths(paths: Iterable[Path]) -> dict[str, int]:
    return {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}


def _function_lengths(paths: Iterable[Path]) -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": _length(function)
        for path in paths
        for function in _functions(ast.parse(path.read_text()))
    }


def _counts(lengths: dict[str, int]) -> str:
    """What the numbers are, for whoever has to act on a failure."""
    counts = list(lengths.values())
    longest = sorted(lengths.items(), key=lambda pair: -pair[1])[:10]
    near = sum(count > FILE_SOON for count in counts)
    return (
        f"{len(counts)} counted, median {statistics.median(counts)}, p90 {_p90(counts)}, "
        f"{near} over {FILE_SOON}; longest: {longest}"
    )


def test_guard_sees_a_long_file_and_long_files():
    assert _file_faults({"a.py": 10, "b.py": 401, "c.py": 20}) == ["b.py: 401 lines"]
    assert _file_faults({"a.py": 91}) == ["median of 1 files: 91 lines"]


def test_guard_sees_a_long_function_and_long_functions():
    short = {str(number): 5 for number in range(20)}
    assert _function_faults({**short, "a": 51}) == ["a: 51 lines"]
    assert _function_faults({"a": 9, "b": 9, "c": 9}) == ["median of 3 functions: 9 lines"]
    many = {f"long {number}": 31 for number in range(4)}
    assert _function_faults({**short, **many}) == ["nine of ten of 24 functions: 31.0 lines"]


@pytest.mark.parametrize(("lines", "seen"), [(19, 0), (20, 1)])
def test_guard_sees_a_long_page(lines, seen):
    source = "def page(request):\n" + "    work()\n" * lines
    assert len(_long_views(ast.parse(source))) == seen


def test_files_are_short():
    lengths = _file_lengths(python_files())
    assert _file_faults(lengths) == [], _counts(lengths)


def test_functions_are_short():
    lengths = _function_lengths(python_files())
    assert _function_faults(lengths) == [], _counts(lengths)


def test_test_files_are_no_longer_than_code():
    lengths = _file_lengths(python_files("tests"))
    assert [f"{name}: {n} lines" for name, n in lengths.items() if n > FILE_MOST] == []


def test_pages_are_short():
    views = [path for path in python_files() if layer(path) == "views"]
    assert faults(views, _long_views) == []
