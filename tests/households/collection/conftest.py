"""A township that collects: forms in use, collectors in two villages, an open round."""

import pytest

from tests.households.collection.stage import Ground, make_ground


@pytest.fixture
def ground(db) -> Ground:
    return make_ground()
