"""Units and postings stay inside their village, whoever writes them (I-05)."""

import pytest
from django.db import IntegrityError

from tests.factories import make_person, make_posting, make_township, make_unit, make_village
from villages.models import Unit


@pytest.fixture
def far_unit(db) -> Unit:
    """A group of another village than 窦庄村."""
    township = make_township()
    make_village(township=township, number=200)
    return make_unit(village=make_village(township=township, name="下湾村", number=201))


@pytest.fixture
def near_unit(far_unit) -> Unit:
    return make_unit(village=far_unit.village.township.villages.get(name="窦庄村"))


def test_unit_under_a_unit_of_another_village_is_refused_i_05(near_unit, far_unit):
    near_unit.parent = far_unit
    with pytest.raises(IntegrityError, match="villages_unit_parent_same_village"):
        near_unit.save()


def test_unit_lies_under_a_unit_of_its_own_village(near_unit):
    grid = make_unit(village=near_unit.village, name="东网格", kind=Unit.Kind.GRID)
    near_unit.parent = grid
    near_unit.save()
    assert Unit.objects.get(parent=grid) == near_unit


def test_posting_in_a_unit_of_another_village_is_refused_i_05(near_unit, far_unit):
    posting = make_posting(person=make_person(), village=near_unit.village)
    posting.unit = far_unit
    with pytest.raises(IntegrityError, match="villages_posting_unit_same_village"):
        posting.save()
