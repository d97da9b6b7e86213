import pytest

from tests.scoring.stage import Stage, beside, set_stage


@pytest.fixture
def stage(db) -> Stage:
    """A village ready to post; everything is rolled back."""
    return set_stage()


@pytest.fixture
def neighbour(stage) -> Stage:
    """Another village of the same township."""
    return beside(stage)
