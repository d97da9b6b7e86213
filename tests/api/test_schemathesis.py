"""The whole document tried at random, as nobody and as a clerk: 0 × 5xx (B-18)."""

from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from desk.api.pages import document
from tests.api.stage import World, open_world

load_all_checks()
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
SHORT, LONG = 2, 450


@pytest.fixture
def world(committed_db, settings) -> World:
    settings.API_CALLS_OF_A_PERSON = settings.API_CALLS_OF_A_NETWORK = 10**9
    return open_world()


def _without_log_in() -> dict[str, Any]:
    """The log-in is the test's own: taking it away would be a mutation that is undone again."""
    written = deepcopy(document())
    written["components"].pop("securitySchemes")
    for operations in written["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return written


def _cookies(world: World, who: str) -> dict[str, str]:
    if who == "nobody":
        return {}
    return {name: morsel.value for name, morsel in world.office.wei.cookies.items()}


def _try_everything(world: World, who: str, examples: int) -> int:
    """Every operation with so many cases; how many answers were looked at."""
    schema = openapi.from_dict(_without_log_in())
    schema.app = get_wsgi_application()
    looked = 0
    found_wrong: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @bounded(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def look(case: schemathesis.Case) -> None:
                nonlocal looked
                case.call_and_validate(checks=CHECKS, cookies=_cookies(world, who))
                looked += 1

            try:
                look()
            except Unsatisfiable:
                # Without a parameter or a body there is nothing to send wrongly.
                assert mode is GenerationMode.NEGATIVE
            except FailureGroup as failed:
                found_wrong.append(f"{operation.label}: {failed}")
    assert found_wrong == []
    return looked


@pytest.mark.parametrize("who", ["nobody", "clerk"])
def test_no_request_breaks_the_api_b18(world, who):
    assert _try_everything(world, who, SHORT) > 50


@pytest.mark.long
def test_twenty_thousand_requests_break_nothing_b18(world):
    looked = sum(_try_everything(world, who, LONG) for who in ("nobody", "clerk"))
    assert looked >= 20_000
