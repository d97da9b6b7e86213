import pytest

from scoring.engine.bands import Band, reached

BANDS = (Band("金星", 10), Band("银星", 8), Band("铜星", 5))


@pytest.mark.parametrize(
    ("had", "name"),
    [(11, "金星"), (10, "金星"), (9, "银星"), (8, "银星"), (7, "铜星"), (5, "铜星")],
)
def test_highest_band_reached_is_the_one(had, name):
    assert reached(BANDS, had).name == name


def test_below_the_lowest_band_there_is_none():
    assert reached(BANDS, 4) is None
