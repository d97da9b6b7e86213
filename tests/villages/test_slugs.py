from dataclasses import replace
from itertools import permutations

import pytest

from villages.area_codes import Kind, Place
from villages.slugs import assign, pinyin_of

XIAWAN = Place(
    province="广东省",
    city="江门市",
    county="开平市",
    township_code="440783104",
    township="苍城镇",
    code="440783104227",
    official_name="下湾村委会",
    name="下湾村",
    kind=Kind.VILLAGE,
)


def place(name: str, number: int = 1, township: str = "苍城镇") -> Place:
    return replace(XIAWAN, name=name, township=township, code=f"440783104{number:03}")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("下湾村", "xiawan"),
        ("童台社区", "tongtai"),
        ("北村", "beicun"),
        ("长垅村", "changlong"),
        ("A1社区", "a1"),
        ("·村", "cun"),
        ("··", "440783104001"),
    ],
)
def test_slug_is_the_pinyin_of_the_name_without_its_ending(name, slug):
    assert assign([place(name)], taken=()) == {"440783104001": slug}


def test_pinyin_has_letters_and_digits_only():
    assert pinyin_of("绿水·3组") == "lvshui3zu"


def test_same_names_take_their_townships_in_any_order():
    both = [place("芙蓉社区", 1, "蓉城镇"), place("芙蓉社区", 2, "九华镇"), place("天华社区", 3)]
    for order in permutations(both):
        assert assign(order, taken=()) == {
            "440783104001": "rongcheng-furong",
            "440783104002": "jiuhua-furong",
            "440783104003": "tianhua",
        }


def test_same_names_in_one_township_take_their_codes():
    assert assign([place("庙前社区", 1), place("庙前村", 200)], taken=()) == {
        "440783104001": "miaoqian-440783104001",
        "440783104200": "miaoqian-440783104200",
    }


def test_a_stored_slug_is_passed_by():
    taken = {"xiawan", "cangcheng-chengxi", "chengxi"}
    assert assign([place("下湾村", 1), place("城西村", 2)], taken=taken) == {
        "440783104001": "cangcheng-xiawan",
        "440783104002": "chengxi-440783104002",
    }


def test_the_longest_names_fit_the_column():
    long = [place("双" * 37 + "村", n, "双" * 39 + "镇") for n in (1, 2)]
    slugs = assign(long, taken=())
    assert sorted(map(len, slugs.values())) == [53, 53]
    assert set(map(len, assign([long[0]], taken={"shuang" * 6 + "shua"}).values())) == {65}
