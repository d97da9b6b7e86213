import pytest

from notices import queries, sheets
from tests.notices.stage import MONTH


@pytest.fixture
def readable(on_show, village):
    return queries.notice_to_read(slug=village.slug, number=f"{MONTH}-star-1")


def test_a_fragment_is_rendered_once_for_its_key(readable):
    first = sheets.with_rows(readable, group="", page=1)
    assert sheets.with_rows(readable, group="", page=1) is first
    assert sheets.with_rows(readable, group="3组", page=1) is not first


def test_the_fragment_used_longest_ago_is_dropped_first(readable, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_KEPT", 2)
    first = sheets.with_rows(readable, group="", page=1)
    second = sheets.without_rows(readable)
    assert sheets.with_rows(readable, group="", page=1) is first
    sheets.with_rows(readable, group="2组", page=1)
    assert sheets.with_rows(readable, group="", page=1) is first
    assert sheets.without_rows(readable) is not second


def test_after_the_period_no_row_is_rendered(readable):
    sheet = sheets.without_rows(readable)
    assert sheet.rows == ""
    assert "人居环境整治" in sheet.categories
