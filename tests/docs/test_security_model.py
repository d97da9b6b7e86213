"""docs/security-model.md says what the role table says, no more and no less."""

import re
from pathlib import Path

from django.conf import settings

from accounts.roles import ROLES, Action

PAGE = Path(settings.BASE_DIR) / "docs/security-model.md"
TABLE = re.compile(r"<!-- roles -->\n(.*?)<!-- end of roles -->\n", re.S)


def table() -> str:
    """The role table as the page has it; paste it there when this test asks for it."""
    lines = ["| role | in the interface | may |", "|---|---|---|"]
    for role, (name, actions) in ROLES.items():
        may = ", ".join(f"`{action}`" for action in Action if action in actions)
        lines.append(f"| `{role}` | {name} | {may} |")
    return "\n".join(lines) + "\n"


def test_the_table_is_the_one_of_the_code():
    found = TABLE.search(PAGE.read_text())
    assert found
    assert found[1] == table()


def test_every_two_person_act_of_the_code_is_named():
    text = PAGE.read_text().partition("## Acts of two persons")[2]
    for action in Action:
        if action.startswith("propose_") or action is Action.EXPORT_REGISTER:
            act = action.removeprefix("propose_").removesuffix("_register")
            row = next(line for line in text.splitlines() if line.startswith(f"| {act} |"))
            first = {role for role, (_, may) in ROLES.items() if action in may}
            second = {role for role, (_, may) in ROLES.items() if f"approve_{act}" in may}
            assert {*re.findall(r"`(\w+)`", row.split("|")[2])} == first, act
            assert {*re.findall(r"`(\w+)`", row.split("|")[3])} == second, act
