"""Jobs in words."""

import pytest

from jobs.naming import kind_in_words, object_in_words


def test_a_kind_is_said_in_words_and_an_unknown_one_stays():
    assert kind_in_words("scoring.seal_ledger") == "封账"
    assert kind_in_words("later.thing") == "later.thing"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("340602101227:2026-09", "2026年9月"),
        ("340602101227", "整本账"),
        ("12", "整本账"),
        ("newest", "最近一份存证"),
        ("340602101227:0", "340602101227:0"),
    ],
)
def test_a_key_is_said_in_words(key, said):
    assert object_in_words(key) == said
