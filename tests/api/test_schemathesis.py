"""The whole document tried at random by six kinds of visitors: 0 × 5xx, as written (B-18)."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from desk.api.pages import document
from tests.authorization.ground import Ground, lay_ground

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
VISITORS = (
    "anonymous", "township_clerk", "supervision_member", "village_clerk", "collector", "auditor",
)  # fmt: skip
MODES = {"right": GenerationMode.POSITIVE, "wrong": GenerationMode.NEGATIVE}
# Cases of each mode: together 2,000 in `make test`, 20,000 in `make test-long`.
SHORT, LONG = 1_000, 10_000
OPERATIONS = 39


@dataclass
class Trial:
    """What was tried of the document, and what came of it."""

    ground: Ground
    mode: GenerationMode
    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        clients = self.ground.visitors()
        self._visitors = cycle([(name, _entered(clients[name])) for name in VISITORS])
        self._existing = cycle([True, True, False])

    def all_operations(self, cases: int) -> None:
        """So many cases in all, the same number of each operation that has any."""
        schema = openapi.from_dict(_without_log_in())
        schema.app = get_wsgi_application()
        operations = [found.ok() for found in schema.get_all_operations()]
        assert len(operations) == OPERATIONS
        for left in range(len(operations), 0, -1):
            missing = cases - self.answers.total()
            self._one(operations[left - 1], max(-(-missing // left), 1))

    def _one(self, operation: Any, cases: int) -> None:
        @bounded(
            max_examples=cases,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=self.mode))
        def look(case: schemathesis.Case) -> None:
            # Without a parameter there is one case only: everybody asks it.
            for _visitor in VISITORS[:: 1 if _is_always_alike(operation) else len(VISITORS)]:
                self._ask(operation, case)

        try:
            look()
        except Unsatisfiable:
            # Without a parameter or a body there is nothing to send wrongly.
            assert self.mode is GenerationMode.NEGATIVE

    def _ask(self, operation: Any, case: schemathesis.Case) -> None:
        who, (cookies, headers) = next(self._visitors)
        acts = case.method == "POST"
        if self.mode is GenerationMode.POSITIVE and (acts or next(self._existing)):
            # A thing that is there: a number made up at random never is.
            there = self.ground.places["own"].values(_route(operation.path))
            names = {"id": "pk"}
            for name in case.path_parameters:
                case.path_parameters[name] = there[names.get(name, name)]
        answer = case.call(cookies=cookies, headers=headers)
        self.answers[operation.label, who, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failed:
            self.wrong.append(f"{operation.label} as {who}: {failed}")


def _is_always_alike(operation: Any) -> bool:
    return not (operation.query or operation.path_parameters or operation.body)


def _route(path: str) -> str:
    """The address as the ground calls it."""
    return path.removeprefix("/").replace("{id}", "<pk>").replace("{", "<").replace("}", ">")


def _entered(client: Client) -> tuple[dict[str, str], dict[str, str]]:
    """The cookies of a log-in and the token that its unsafe requests carry."""
    client.get("/api/docs/")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return cookies, {"X-CSRFToken": cookies["csrf"]}


def _without_log_in() -> dict[str, Any]:
    """The log-in is the test's own: taking it away would be a mutation that is undone again."""
    written = deepcopy(document())
    written["components"].pop("securitySchemes")
    for operations in written["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return written


def _tried(settings, mode: str, cases: int) -> Trial:
    settings.API_CALLS_OF_A_PERSON = settings.API_CALLS_OF_A_NETWORK = 10**9
    trial = Trial(lay_ground(), MODES[mode])
    trial.all_operations(cases)
    return trial


def _holds(trial: Trial, cases: int) -> None:
    assert trial.wrong == []
    assert trial.answers.total() >= cases
    assert {who for _label, who, _status in trial.answers} == set(VISITORS)
    of_staff = {
        status
        for label, who, status in trial.answers
        if label.startswith("POST ") and who != "anonymous"
    }
    assert 403 not in of_staff
    if trial.mode is GenerationMode.POSITIVE:
        assert of_staff & {200, 409, 422}, "no act reached its operation"
        read = {label for label, _who, status in trial.answers if status == 200}
        assert {label for label, *_ in trial.answers if label.startswith("GET ")} <= read


@pytest.mark.parametrize("mode", MODES)
def test_no_request_breaks_the_api_b18(committed_db, settings, mode):
    _holds(_tried(settings, mode, SHORT), SHORT)


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
def test_twenty_thousand_requests_break_nothing_b18(committed_db, settings, mode):
    _holds(_tried(settings, mode, LONG), LONG)
