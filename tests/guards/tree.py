"""The project's own files, as the guards read them."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "desk", "affairs", "rewards", "reviews", "scoring", "households", "notices", "jobs", "files",
    "accounts", "villages", "trail",
)  # fmt: skip
CODE = ("config", *APPS)
# The registry modules of design.md §1 are edges: they sit beside the views.
REGISTRY_MODULES = ("notice_builders", "proposal_kinds", "notice_links", "forecasts")
EDGES = ("views", "staff", "admin", "api", "tasks", "management", "urls", *REGISTRY_MODULES)

Checker = Callable[[ast.Module], list[str]]


def layer(path: Path) -> str:
    """The module or package of its app in which a file lies: `operations`, `views`, `engine`."""
    return Path(path.relative_to(ROOT).parts[1]).stem


def python_files(*folders: str) -> list[Path]:
    """Every Python file of these top folders (default: all code) but migrations."""
    return sorted(
        path
        for folder in folders or CODE
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def migrations() -> list[Path]:
    """Every migration of ours."""
    return sorted(
        path
        for app in APPS
        for path in (ROOT / app).glob("migrations/*.py")
        if path.name != "__init__.py"
    )


def edges() -> list[Path]:
    """Files that answer people, messages and the command line."""
    return [path for path in python_files() if layer(path) in EDGES]


def in_layers(*layers: str) -> list[Path]:
    """Files of the apps in these modules or packages."""
    return [path for path in python_files(*APPS) if layer(path) in layers]


def docstrings(tree: ast.Module) -> set[int]:
    """Where the docstrings are: the `id` of each one's constant."""
    bodies = [
        node.body
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


def templates() -> list[Path]:
    """Every template, wherever its app keeps it."""
    return [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes of a module that other modules may name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def faults(paths: list[Path], checker: Checker) -> list[str]:
    """What `checker` finds in these files, each with the file's name."""
    return [
        f"{path.relative_to(ROOT)} {fault}"
        for path in paths
        for fault in checker(ast.parse(path.read_text()))
    ]
