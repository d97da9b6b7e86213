"""Sharing out and drawing: nobody carries more than another, and a draw can be repeated."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from households.engine.sampling import drawn
from households.engine.sharing import by_unit, evenly

LOADS = st.dictionaries(st.integers(1, 40), st.just(0), min_size=1, max_size=9)


@given(st.integers(0, 300), LOADS)
def test_evenly_everything_is_given_and_loads_differ_by_one_at_most(count, loads):
    shared = evenly(range(count), loads)
    assert set(shared) == set(range(count))
    carried = Counter(dict.fromkeys(loads, 0)) + Counter(shared.values())
    sizes = [carried[collector] for collector in loads]
    assert max(sizes) - min(sizes) <= 1


def test_r_05_of_5302_households_77_collectors_carry_68_or_69():
    shared = evenly(range(5302), dict.fromkeys(range(77), 0))
    assert set(Counter(shared.values()).values()) == {68, 69}


def test_evenly_neighbours_stay_together():
    shared = evenly("abcdef", {"陈": 0, "方": 0})
    assert [shared[home] for home in "abcdef"] == ["陈"] * 3 + ["方"] * 3


def test_who_carries_more_already_gets_less():
    assert Counter(evenly(range(4), {"陈": 3, "方": 0}).values()) == {"方": 3, "陈": 1}
    assert by_unit([["a"]], {"陈": 3, "方": 0}) == {"a": "方"}


def test_with_nobody_to_give_to_nothing_is_given():
    assert evenly([1, 2], {}) == by_unit([[1]], {}) == {}


def test_a_unit_is_never_divided():
    shared = by_unit([[1, 2, 3], [4, 5], [6]], {"陈": 0, "方": 0})
    assert shared == {1: "陈", 2: "陈", 3: "陈", 4: "方", 5: "方", 6: "方"}


@given(st.dictionaries(st.integers(), st.sets(st.integers(), max_size=50)), st.integers(1, 100))
def test_a_draw_takes_the_percent_rounded_up_and_at_least_one_of_each(done, percent):
    found = drawn({key: list(ids) for key, ids in done.items()}, percent=percent, seed=7)
    for collector, ids in done.items():
        wanted = max(1, -(-len(ids) * percent // 100)) if ids else 0
        assert len(found.get(collector, [])) == wanted
        assert set(found.get(collector, [])) <= ids


def test_the_same_seed_draws_the_same_in_whatever_order():
    first = drawn({1: [5, 6, 7, 8], 2: [9, 10]}, percent=50, seed=3)
    assert first == drawn({2: [10, 9], 1: [8, 7, 6, 5]}, percent=50, seed=3)
    assert any(
        first != drawn({1: [5, 6, 7, 8], 2: [9, 10]}, percent=50, seed=seed) for seed in range(9)
    )
