"""What holds for any text at all, not only for those somebody thought of."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from households.importing import cleaning
from households.importing.dates import clean_birth
from households.importing.problems import Problem
from households.importing.texts import masked, shown

TODAY = date(2026, 11, 21)
CELLS = st.one_of(
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)
HAN = st.text(alphabet="王㛃李𠮷马䶮买提·艾力•Ａé \u3000\u00a0\u200b", min_size=1, max_size=12)
DIGITS_LIKE = st.text(alphabet="0123456789１２٣²½Xx -'+", max_size=24)


@settings(deadline=None)
@given(HAN)
def test_clean_name_loses_nothing_but_what_nobody_sees(typed):
    name = cleaning.clean_name(typed)
    if not isinstance(name, Problem):
        seen = [char for char in typed if not char.isspace() and char != "\u200b"]
        assert [char for char in name if not char.isspace()] == seen
        assert cleaning.clean_name(name) == name


@settings(deadline=None)
@given(DIGITS_LIKE)
def test_clean_id_gives_eighteen_ascii_characters_or_a_problem(typed):
    number = cleaning.clean_id(typed, on=TODAY)
    assert isinstance(number, Problem) or (len(number) == 18 and number.isascii())


@settings(deadline=None)
@given(DIGITS_LIKE)
def test_clean_phone_gives_eleven_ascii_digits_nothing_or_a_problem(typed):
    phone = cleaning.clean_phone(typed)
    assert isinstance(phone, Problem) or phone == "" or (len(phone) == 11 and phone.isascii())


@settings(deadline=None)
@given(CELLS)
def test_no_cell_of_any_kind_breaks_a_cleaning(cell):
    for clean in (
        cleaning.clean_name,
        cleaning.clean_phone,
        cleaning.clean_number,
        cleaning.clean_place,
        cleaning.clean_relation,
        cleaning.clean_sex,
        cleaning.clean_away,
        cleaning.clean_note,
        clean_birth,
    ):
        result = clean(cell)
        if isinstance(result, Problem):
            assert result.reason
            assert result.fix
        assert "\0" not in str(result)
    assert len(masked(cell)) <= 20
    assert "\0" not in shown(cell)
