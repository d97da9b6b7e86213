from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from trail.showing import masked, readable_dates, readable_json, short_digest


@pytest.mark.parametrize(
    ("value", "head", "tail", "shown"),
    [
        ("99999919800305001X", 0, 4, "**************001X"),
        ("13812345678", 3, 4, "138****5678"),
        ("13812345678", 0, 0, "***********"),
        ("1381234", 3, 4, "*******"),
        ("", 3, 4, ""),
    ],
)
def test_masked_never_shows_all(value, head, tail, shown):
    assert masked(value, head=head, tail=tail) == shown


def test_short_digest_shows_twelve_digits():
    assert short_digest(b"\xab" * 32) == "abababababab…"
    assert short_digest(b"\xab") == "ab"
    assert short_digest(None) == ""


def test_readable_json_keeps_chinese_and_escapes_markup():
    assert (
        readable_json({"村": "<b>"}) == "<pre>{\n  &quot;村&quot;: &quot;&lt;b&gt;&quot;\n}</pre>"
    )
    assert readable_json({}) == ""


def test_readable_dates_name_the_last_day():
    first = date(2026, 1, 1)
    assert readable_dates(DateRange(first, None)) == "2026年1月1日起"
    assert readable_dates(DateRange(first, date(2026, 7, 1))) == "2026年1月1日至2026年6月30日"
    assert readable_dates(None) == ""
