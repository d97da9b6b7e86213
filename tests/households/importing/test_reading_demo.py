"""The township's real shape of file against its answer key."""

import json
from datetime import date
from pathlib import Path

import pytest

from households.importing.reading import read_file

DEMO = Path(__file__).parents[3] / "demo"
CODES = {
    "length": {"id_length", "phone_length"},
    "check digit": {"id_check_digit"},
    "missing": {"name_missing"},
    "stored as a number, last digits lost": {"id_number_cell"},
}


@pytest.fixture(scope="module")
def truth():
    return json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def read():
    return read_file(DEMO / "shitai_households.xlsx", on=date(2026, 11, 21))


def test_demo_counts_are_those_of_the_answer_key(read, truth):
    assert read.sheet == "户籍表"
    assert len(read.households) == truth["households"]
    assert read.people == truth["people"]
    assert len(read.refused) == truth["refused_rows"]
    assert len(read.warned) == truth["warned_rows"]
    assert read.accepted == truth["accepted_people"]
    assert read.unchanged_repeats == 1
    assert read.rows_left_out == [truth["total_row"]]


def test_demo_bad_cells_are_found_by_row_column_and_kind(read, truth):
    found = {(bad.row, bad.column): bad.code for bad in [*read.refused, *read.warned]}
    assert set(found) == {(row, column) for row, column, _kind in truth["bad_cells"]}
    for row, column, kind in truth["bad_cells"]:
        assert found[row, column] in CODES[kind]


def test_demo_wrong_phones_alone_are_warned(read):
    assert {bad.column for bad in read.warned} == {"联系电话"}
    warned = {bad.row for bad in read.warned}
    phones = {m.row: m.phone for h in read.households for m in h.members if m.row in warned}
    assert phones == dict.fromkeys(warned, "")


def test_demo_households_without_a_head_keep_the_head_s_name(read, truth):
    headless = [household for household in read.households if not household.has_head]
    assert len(headless) == truth["households_without_head"]
    assert all(household.head_name for household in headless)


def test_demo_names_lose_only_white_space_between_han(read):
    names = {member.name for household in read.households for member in household.members}
    assert {"付宁", "李𠮷", "买买提·艾力", "阿依古丽·吐尔逊"} <= names
    assert not any(char.isspace() for name in names for char in name)


def test_demo_people_have_clean_ids_phones_and_birth_dates(read):
    people = [member for household in read.households for member in household.members]
    assert len({person.id_number for person in people}) == len(people)
    assert all(person.id_number[6:14] == f"{person.birth_on:%Y%m%d}" for person in people)
    assert {len(person.phone) for person in people} == {0, 11}
    assert {person.away for person in people} == {True, False}


def test_demo_report_echoes_no_full_number(read):
    for bad in [*read.refused, *read.warned]:
        digits = [char for char in bad.value if char.isdigit()]
        assert len(digits) <= 5
