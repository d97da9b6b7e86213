"""One world for the tests of the API, at noon."""

import pytest

from tests.api.stage import World, open_world
from tests.factories import NOON


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def world(db) -> World:
    return open_world()
