import pytest

from households.importing.places import (
    group_key,
    group_label,
    matching_village,
    number_key,
    village_key,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("窦庄村委会", "窦庄村"),
        ("大罗村村委会", "大罗村"),
        ("大罗村村民委员会", "大罗村"),
        ("大罗村民委员会", "大罗村"),
        ("童台社区居委会", "童台社区"),
        ("童台社区居民委员会", "童台社区"),
        ("庙前居委会", "庙前社区"),
        ("庙前居民委员会", "庙前社区"),
    ],
)
def test_village_key_ignores_the_committee(one, other):
    assert village_key(one) == village_key(other) == other


def test_village_key_keeps_a_village_and_a_community_of_one_name_apart():
    assert village_key("庙前村委会") != village_key("庙前居委会")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("窦庄", "窦庄村"),
        ("窦庄村委会", "窦庄村"),
        ("庙前村", "庙前村"),
        ("庙前社区居委会", "庙前社区"),
        ("庙前", None),
        ("别处村", None),
        ("别处", None),
        ("石台", "石台"),
    ],
)
def test_matching_village_never_chooses_between_two(written, found):
    assert matching_village(written, ["窦庄村", "庙前村", "庙前社区", "石台"]) == found


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("1组", "1"),
        ("一组", "1"),
        ("第1村民小组", "1"),
        ("01组", "1"),
        ("1", "1"),
        ("十组", "10"),
        ("十二组", "12"),
        ("二十组", "20"),
        ("二十三小组", "23"),
        ("东头组", "东头组"),
        ("一二组", "一二"),
        ("十一十组", "十一十"),
    ],
)
def test_group_key_is_the_same_for_every_spelling(name, key):
    assert group_key(name) == key


def test_group_label_makes_a_bare_number_readable():
    assert [group_label(name) for name in ("03", "三组", "东头")] == ["3组", "三组", "东头"]


@pytest.mark.parametrize(("number", "key"), [("001", "1"), ("000", "0"), ("a-1", "A-1")])
def test_number_key_ignores_leading_zeros(number, key):
    assert number_key(number) == key
