"""Random lives of a ledger against a plain model (I-01 to I-13, I-24 to I-28)."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from scoring.operations import ledger
from tests.scoring.stateful.machine import LedgerMachine
from tests.scoring.stateful.model import LedgerModel

COMMON = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "print_blob": True,
    "suppress_health_check": list(HealthCheck),
}


def _run(*, examples: int, steps: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    class Fresh(LedgerMachine):
        villages = 0
        township = None

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, phases=phases, **COMMON
        ),
    )


def test_ledger_does_what_the_model_says(db):
    _run(examples=30, steps=20)


@pytest.mark.long
def test_ledger_does_what_the_model_says_for_long(db):
    _run(examples=300, steps=40)


@pytest.mark.parametrize("forgotten", ["_cap", "_enough", "_reversal", "_rules"])
def test_model_that_forgets_a_rule_is_found_out(db, monkeypatch, forgotten):
    """The control: where ledger and model differ in one rule, the machine says so."""
    monkeypatch.setattr(LedgerModel, forgotten, lambda self, fact: None)
    with pytest.raises(Exception) as difference:  # noqa: PT011 (whatever step finds it)
        _run(examples=60, steps=25, phases=(Phase.generate,))
    assert not isinstance(difference.value, KeyboardInterrupt)


def test_ledger_that_calls_a_new_fact_known_is_found_out(db, monkeypatch):
    """The control of the other side: here the ledger is wrong and the model right."""
    monkeypatch.setattr(ledger, "post", _later(ledger.post))
    with pytest.raises(AssertionError):
        _run(examples=20, steps=15, phases=(Phase.generate,))


def _later(post):
    def posted_twice(*, village_id, rows, by):
        post(village_id=village_id, rows=rows, by=by)
        return post(village_id=village_id, rows=rows, by=by)

    return posted_twice
