"""Everything the verifiers say has its sentence for supervision."""

import re
from pathlib import Path

import pytest

from scoring.break_texts import sentence, subjects_in
from scoring.queries import verifying, witness


def said() -> set[str]:
    """The texts of problems as the two verifiers make them, with a number for what is named."""
    found = set()
    for module in (verifying, witness):
        source = Path(str(module.__file__)).read_text()
        begins = "changed:|rewritten:|removed:|added |inserted:|ledger ends|seal {|balance of"
        begins += r"|total of|notice {|\{named\}"
        texts = re.findall(rf'"((?:{begins})[^"]*)"', source)
        found |= {re.sub(r"\{[^}]*\}", "12", text.replace("{named}", "seal 12")) for text in texts}
    # The beginning of three of them, said nowhere alone.
    return found - {"seal 12"}


@pytest.mark.parametrize("text", sorted(said()))
def test_every_problem_is_said_in_chinese(text):
    told = sentence(f"entry 7: {text}", households={12: "3组·027"})
    assert told.startswith("第7笔：")
    assert re.search("[a-z]", told) is None, told


def test_both_verifiers_were_read():
    assert len(said()) >= 16


def test_a_household_is_named_by_its_number_where_it_is_known():
    text = "total of subject 12 in 2026-10 is not the sum"
    assert subjects_in([text, "added under a seal"]) == {12}
    known = sentence(text, households={12: "3组·027"})
    assert known == "3组·027 2026-10的月合计和账上各笔加起来不一样"
    assert sentence(text, households={}).startswith("主体12 2026-10的月合计")


def test_what_nobody_knows_stays_as_it_is():
    assert sentence("something else", households={}) == "something else"
