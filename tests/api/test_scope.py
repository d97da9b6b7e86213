"""Every list and every row within the scope of who asks (T-02, I-33)."""

import json

import pytest

from notices.masking import masked_name
from tests.api.stage import BASE, LISTS, RECORDS, without_reference


def _villages(rows) -> set[str]:
    return {row.get("village") or row["slug"] for row in rows}


@pytest.mark.parametrize("path", LISTS)
def test_list_holds_the_own_village_and_no_other_t02(world, path):
    assert _villages(world.lin.rows(f"{path}/")) == {world.village.slug}
    assert world.zhao.rows(f"{path}/") == []


@pytest.mark.parametrize("path", RECORDS)
def test_row_of_another_village_is_as_absent_as_none_t02(world, path):
    mine = world.lin.rows(f"{path}/")[0]["id"]
    assert world.lin.get(f"{path}/{mine}/")["id"] == mine
    other = world.zhao.client.get(f"{BASE}{path}/{mine}/")
    none = world.lin.client.get(f"{BASE}{path}/999999999999999999/")
    assert (other.status_code, none.status_code) == (404, 404)
    assert without_reference(other.json()) == without_reference(none.json())
    assert dict(other.headers) | {"X-Reference": ""} == dict(none.headers) | {"X-Reference": ""}
    assert len(other.content) == len(none.content)


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_told_without_log_in(world, path):
    body = world.anyone.get(f"{path}/", status=401)
    assert body["code"] == "not_logged_in"
    assert body["fields"] == {}


@pytest.mark.parametrize(
    ("path", "name"),
    [(path, "village") for path in LISTS if path != "villages"]
    + [
        ("subjects", "unit"),
        ("entries", "subject"),
        ("balances", "subject"),
        ("items", "rulebook"),
    ],
)
def test_related_row_of_another_village_is_refused_like_none_t03(world, path, name):
    theirs = {
        "village": world.neighbour.slug,
        "unit": world.neighbour.units.first(),
        "subject": world.neighbour.subjects.first(),
        "rulebook": world.neighbour.rule_books.first(),
    }[name]
    key = getattr(theirs, "pk", theirs)
    missing = "nowhere" if name == "village" else 999_999_999_999
    refused = world.lin.get(f"{path}/", status=400, **{name: key})
    unknown = world.lin.get(f"{path}/", status=400, **{name: missing})
    assert without_reference(refused) == without_reference(unknown)
    assert list(refused["fields"]) == [name]


def test_own_related_rows_filter(world):
    subject = world.office.stage.home
    assert {row["subject"] for row in world.lin.rows("entries/", subject=subject.pk)} == {
        subject.pk
    }
    assert len(world.lin.rows("entries/", village=world.village.slug)) == 3


def test_no_full_name_and_no_key_to_a_household_leaves_i33(world):
    said = json.dumps(world.lin.get("subjects/"), ensure_ascii=False)
    assert masked_name("欧阳娜娜") in said
    for private in (
        "欧阳娜娜",
        "司马相如",
        *world.village.subjects.values_list("qr_token", flat=True),
    ):
        assert private not in said


def test_me_tells_roles_and_actions_per_village(world):
    me = world.lin.get("me/")
    assert me["username"] == world.office.people["lin"].username
    assert [posting["role"] for posting in me["postings"]] == ["village_clerk"]
    (village,) = me["villages"]
    assert village["village"] == world.village.slug
    assert "propose_lock" in village["actions"]
    assert "approve_lock" not in village["actions"]


def test_posting_that_ended_stops_the_next_request_i32(world):
    posting = world.office.people["lin"].person.postings.get()
    posting.to_on = posting.from_on
    posting.save(update_fields=["to_on"])
    assert world.lin.rows("entries/") == []
    assert world.lin.get("me/")["villages"] == []
