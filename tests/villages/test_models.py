"""Each constraint of the territory, by its name."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_person, make_posting, make_township, make_unit, make_village
from villages.models import CalendarRule, Posting, Unit, WorkGroup


@pytest.fixture
def village(db):
    return make_village(township=make_township())


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_posting_ends_after_it_begins(village):
    posting = make_posting(person=make_person(), village=village)
    with refused("villages_posting_ends_after_it_begins"), transaction.atomic():
        Posting.objects.filter(pk=posting.pk).update(to_on=date(2025, 12, 31))


def test_a_posting_in_a_unit_names_its_village(village):
    posting = make_posting(person=make_person(), township=village.township)
    posting.pk, posting.unit = None, make_unit(village=village)
    with refused("villages_posting_unit_lies_in_a_village"), transaction.atomic():
        posting.save(force_insert=True)


def test_a_unit_has_its_name_once_in_a_village_and_kind(village):
    make_unit(village=village, name="1组")
    make_unit(village=village, name="1组", kind=Unit.Kind.GRID)
    with refused("villages_unit_name_once"), transaction.atomic():
        Unit.objects.create(village=village, kind=Unit.Kind.GROUP, name="1组")


def test_a_work_group_has_its_name_once_in_a_township(village):
    values = {"township": village.township, "kind": WorkGroup.Kind.WORK, "name": "工作组"}
    WorkGroup.objects.create(**values)
    with refused("villages_workgroup_name_once"), transaction.atomic():
        WorkGroup.objects.create(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"close_day": 0}, "villages_calendarrule_close_day_is_in_every_month"),
        ({"close_day": 29}, "villages_calendarrule_close_day_is_in_every_month"),
        ({"notice_days": 2}, "villages_calendarrule_notice_runs_three_days"),
    ],
)
def test_a_calendar_keeps_to_every_month_and_to_the_law(village, values, constraint):
    with refused(constraint), transaction.atomic():
        CalendarRule.objects.create(township=village.township, **values)
