"""What a citizen ID and a mobile number must look like, and what an ID tells.

The region part of an ID is not checked: people keep the number of a county that was renamed.
"""

import re
from datetime import date
from enum import StrEnum
from operator import mul

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EARLIEST_YEAR = 1900
_AGE_OF_OWN_CONSENT = 14


class IdFault(StrEnum):
    """What is wrong with a citizen ID, the first thing that is."""

    MISSING = "id_missing"
    OLD_FIFTEEN = "id_old_fifteen"
    LENGTH = "id_length"
    CHARACTERS = "id_characters"
    BIRTH_DATE = "id_birth_date"
    CHECK_DIGIT = "id_check_digit"


def check_digit(first_seventeen: str) -> str:
    """Return the last character GB 11643 asks for after these seventeen digits."""
    return _CHECK_DIGITS[sum(map(mul, map(int, first_seventeen), _WEIGHTS)) % 11]


def citizen_id_fault(number: str, *, on: date) -> IdFault | None:
    """Return what is wrong with a cleaned ID as known on that day, or None when it is right."""
    if not number:
        return IdFault.MISSING
    if len(number) == 15 and number.isascii() and number.isdigit():
        return IdFault.OLD_FIFTEEN
    if len(number) != 18:
        return IdFault.LENGTH
    if not _SHAPE.fullmatch(number):
        return IdFault.CHARACTERS
    born_on = _date_inside(number)
    if born_on is None or born_on > on or born_on.year < _EARLIEST_YEAR:
        return IdFault.BIRTH_DATE
    return None if check_digit(number[:17]) == number[17] else IdFault.CHECK_DIGIT


def birth_date_of(number: str) -> date:
    """Return the birth date a right ID carries."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_male(number: str) -> bool:
    """Return whether a right ID was given to a man (the last digit of its serial is odd)."""
    return number[16] in "13579"


def is_mobile_number(number: str) -> bool:
    """Return whether a cleaned text is a mainland mobile number."""
    return _MOBILE.fullmatch(number) is not None


def is_under_14(born_on: date, *, on: date) -> bool:
    """Return whether a guardian's consent is needed on that day: the 14th birthday ends it."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return years < _AGE_OF_OWN_CONSENT


def _date_inside(number: str) -> date | None:
    try:
        return birth_date_of(number)
    except ValueError:
        return None
