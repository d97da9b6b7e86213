"""A refused act is on the trail: who catches a refusal for staff tells `refused` (B-24)."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("desk/staff/*.py",)
# In the API one place answers every refusal: `accounts.endpoints.refusals.refused`.
DOORS = ("accounts/endpoints/*.py", "*/api.py", "*/api/*.py")


def _catching(source: str) -> list[ast.ExceptHandler]:
    """Each handler of a DomainError, by that name or in a tuple."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and any(isinstance(part, ast.Name) and part.id == "DomainError" for part in _parts(node))
    ]


def _parts(handler: ast.ExceptHandler) -> list[ast.AST]:
    return list(ast.walk(handler.type)) if handler.type else []


def _tells(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refused"
        for statement in handler.body
        for node in ast.walk(statement)
    )


def silent(source: str) -> list[int]:
    """The lines on which a refusal is caught that nobody hears of."""
    return [handler.lineno for handler in _catching(source) if not _tells(handler)]


def _found(globs: tuple[str, ...]) -> list[Path]:
    return sorted(path for glob in globs for path in ROOT.glob(glob))


def test_b_24_every_page_of_staff_tells_a_refusal():
    pages = _found(PAGES)
    assert [f"{path.name}:{line}" for path in pages for line in silent(path.read_text())] == []
    assert sum(len(_catching(path.read_text())) for path in pages) > 10


def test_b_24_no_door_of_the_api_answers_a_refusal_by_itself():
    doors = _found(DOORS)
    assert len(doors) > 10
    assert [path.name for path in doors if _catching(path.read_text())] == []


def test_the_guard_sees_a_silent_refusal():
    caught = "try:\n    act()\nexcept (KeyError, DomainError) as refusal:\n    "
    assert silent(f"{caught}show(refusal)\n") == [3]
    assert silent(f"{caught}refused(request, refusal)\n") == []
