from datetime import date

import pytest

from households.identity import (
    IdFault,
    birth_date_of,
    check_digit,
    citizen_id_fault,
    is_male,
    is_mobile_number,
    is_under_14,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("11010519491231002X", None),
        ("999999199204023263", None),
        ("", IdFault.MISSING),
        ("110105491231002", IdFault.OLD_FIFTEEN),
        ("1101051949123100", IdFault.LENGTH),
        ("11010519491231002XX", IdFault.LENGTH),
        ("H12345678", IdFault.LENGTH),
        ("11010519491231002x", IdFault.CHARACTERS),
        ("１1010519491231002X", IdFault.CHARACTERS),
        ("²1010519491231002X", IdFault.CHARACTERS),
        ("٣1010519491231002X", IdFault.CHARACTERS),
        ("X1010519491231002X", IdFault.CHARACTERS),
        ("11010519490230002X", IdFault.BIRTH_DATE),
        ("11010520270101002X", IdFault.BIRTH_DATE),
        ("11010518991231002X", IdFault.BIRTH_DATE),
        ("000000000000000000", IdFault.BIRTH_DATE),
        ("110105194912310021", IdFault.CHECK_DIGIT),
    ],
)
def test_citizen_id_fault_names_the_first_thing_wrong(number, fault):
    assert citizen_id_fault(number, on=TODAY) == fault


def test_a_changed_digit_anywhere_is_found():
    number = "999999199204023263"
    for at, digit in enumerate(number):
        changed = number[:at] + str((int(digit) + 1) % 10) + number[at + 1 :]
        assert citizen_id_fault(changed, on=TODAY) is not None


def test_check_digit_covers_all_eleven_remainders():
    found = {check_digit(f"1101051949123{serial:04d}") for serial in range(40)}
    assert found == set("0123456789X")


def test_an_id_tells_birth_date_and_sex():
    assert birth_date_of("11010519491231002X") == date(1949, 12, 31)
    assert not is_male("11010519491231002X")
    assert is_male("999999198910042432")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("13800138000", True),
        ("19901953936", True),
        ("12345678901", False),
        ("1380013800", False),
        ("138001380000", False),
        ("１3800138000", False),
        ("13800138000\n", False),
        ("05613012345", False),
        ("", False),
    ],
)
def test_only_a_mainland_mobile_number_passes(number, right):
    assert is_mobile_number(number) is right


@pytest.mark.parametrize(
    ("born_on", "on", "under"),
    [
        (date(2012, 11, 22), TODAY, True),
        (date(2012, 11, 21), TODAY, False),
        (date(2012, 2, 29), date(2026, 2, 28), True),
        (date(2012, 2, 29), date(2026, 3, 1), False),
        (date(1949, 12, 31), TODAY, False),
    ],
)
def test_the_fourteenth_birthday_ends_the_need_for_consent(born_on, on, under):
    assert is_under_14(born_on, on=on) is under
