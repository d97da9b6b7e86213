"""The homes of these tests."""

import pytest

from tests.factories import NOON
from tests.households.files.stage import Home, settle_homes


@pytest.fixture
def homes(db, time_machine) -> Home:
    time_machine.move_to(NOON, tick=False)
    return settle_homes()
