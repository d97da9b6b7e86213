"""The collector's scripts: no word of their own, no text read as markup, no name without words."""

import re

import pytest

from desk.collect.words import WORDS
from tests.guards.tree import ROOT

SCRIPTS = sorted((ROOT / "static/collect").glob("*.js"))
WORKER = ROOT / "templates/collect/sw.js"
HAN = re.compile(r"[\u3400-\u9fff]")
COMMENT = re.compile(r"//[^\n]*")
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
SAID = re.compile(r"\bt\(\"(\w+)\"")
# Words whose names end with a code of the contract: t(`state_${record.state}`).
FAMILIES = (
    "channel_", "duty_", "outcome_", "size_", "spoken_", "state_", "step_", "trouble_", "unsaid_",
    "why_",
)  # fmt: skip


def _source(path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", [*SCRIPTS, WORKER], ids=lambda path: path.name)
def test_scripts_hold_no_words_and_parse_no_markup(path):
    source = _source(path)
    assert HAN.findall(source) == []
    assert MARKUP.findall(source) == []


def test_scripts_and_words_know_each_other():
    sources = "\n".join(_source(path) for path in SCRIPTS)
    said = set(SAID.findall(sources)) | {
        name for name in WORDS if f'"{name}"' in sources or name.startswith(FAMILIES)
    }
    assert said - set(WORDS) == set()
    assert set(WORDS) - said == set()


def test_files_are_short():
    long = {path.name: len(path.read_text().splitlines()) for path in SCRIPTS}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}
