"""Codes and references in words, titles without a query."""

import pytest

from scoring.models import LedgerState
from tests.factories import make_township, make_village
from trail.naming import act, loaded, referenced


def test_an_act_is_said_in_words_beside_its_code():
    assert act("month.closed") == "锁定月份 month.closed"
    assert act("later.happened") == "later.happened"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("scoring.month:96", "月份 96号"),
        ("notices.notice:9", "公示 9号"),
        ("scoring.entry", "记账"),
        ("households.card", "households.card"),
        ("import:7", "import:7"),
    ],
)
def test_a_reference_is_said_in_words(about, said):
    assert referenced(about) == said


def test_a_title_is_read_only_if_it_is_at_hand(db, django_assert_num_queries):
    village = make_village(township=make_township(), name="窦庄村")
    LedgerState.objects.get_or_create(village=village)
    read, along = LedgerState.objects.get(), LedgerState.objects.select_related("village").get()
    with django_assert_num_queries(0):
        assert loaded(read, "village") == ""
        assert loaded(along, "village") == "窦庄村"
