import pytest

from scoring.importing.headings import Column
from scoring.importing.matching import Directory, Household, NoMatch, household_key
from scoring.importing.results import HouseholdLine

VILLAGE = 7


def on_file(group, number, head, pk=1):
    key = household_key(village_id=VILLAGE, group=group, number=number)
    return Household(key=key, group=group, number=number, head=head, pk=pk)


def line(group, number, head):
    return HouseholdLine(at=None, village="下湾村", group=group, number=number, head=head)


@pytest.mark.parametrize(
    ("group", "number", "head"),
    [
        ("1组", "001", "李芳"),
        ("第一村民小组", "1", "李芳"),
        ("", "01", "李芳"),
        ("1", "001", "李芳"),
    ],
)
def test_a_household_is_found_however_it_is_written(group, number, head):
    known = on_file("1组", "001", "李芳")
    assert Directory([known]).find(line(group, number, head), village_id=VILLAGE) == known


@pytest.mark.parametrize(
    ("group", "number", "head", "column", "code"),
    [
        ("", "002", "李芳", Column.NUMBER, "household_unknown"),
        ("2组", "001", "李芳", Column.NUMBER, "household_unknown"),
        ("", "001", "王五", Column.HEAD, "head_differs"),
        ("", "009", "张三", Column.NUMBER, "household_ambiguous"),
    ],
)
def test_a_household_is_never_guessed(group, number, head, column, code):
    directory = Directory(
        [
            on_file("1组", "001", "李芳"),
            on_file("1组", "009", "张三", 2),
            on_file("2组", "9", "张三", 3),
        ]
    )
    found = directory.find(line(group, number, head), village_id=VILLAGE)
    assert isinstance(found, NoMatch)
    assert (found.column, found.problem.code) == (column, code)


def test_a_number_means_nothing_in_another_village():
    directory = Directory([on_file("1组", "001", "李芳")])
    assert isinstance(directory.find(line("", "001", "李芳"), village_id=8), NoMatch)


def test_the_head_tells_two_groups_apart():
    one, two = on_file("1组", "001", "李芳"), on_file("2组", "001", "王五", 2)
    assert Directory([one, two]).find(line("", "001", "王五"), village_id=VILLAGE) == two


def test_a_new_household_is_taken_in_once():
    directory = Directory([])
    first = directory.register(line("1组", "001", "李芳"), village_id=VILLAGE)
    assert isinstance(first, Household)
    assert first.pk is None
    assert directory.register(line("一组", "1", "李芳"), village_id=VILLAGE) is first
    other = directory.register(line("1组", "001", "王五"), village_id=VILLAGE)
    assert isinstance(other, NoMatch)
    assert "李芳" not in other.problem.reason
