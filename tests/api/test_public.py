"""What anyone reads: the same as the pages show, masked, and nothing before or after."""

import json

import pytest

from tests.api.stage import Caller
from tests.notices.stage import DAYS, HEADS, make_xiawan, put_on_show, registered


@pytest.fixture
def notice(db):
    with registered():
        yield put_on_show(make_xiawan())


@pytest.fixture
def anyone(client) -> Caller:
    return Caller(client)


def _address(notice) -> str:
    return f"public/notices/{notice.village.slug}/{notice.number}/"


def test_notice_rows_carry_labels_and_no_name(notice, anyone):
    shown = anyone.get(_address(notice) + "rows/")
    labels = dict(notice.labels.values_list("subject_key", "label"))
    found = {f"{row['group']}/{row['number']}": row["label"] for row in shown["results"]}
    assert found == labels
    said = json.dumps(shown, ensure_ascii=False)
    assert [name for name in HEADS.values() if len(name) > 1 and name in said] == []


def test_notice_says_its_proof_and_the_code_is_checked(notice, anyone):
    said = anyone.get(_address(notice))
    assert said["proof"]["content_sha256"] == bytes(notice.body.content_sha256).hex()
    checked = anyone.get(f"public/codes/{said['proof']['code'].lower()}/")
    assert checked["genuine"] is True
    assert checked["notice"]["number"] == notice.number
    assert anyone.get("public/codes/0000-0000-0000/", status=404)["code"] == "not_found"


def test_after_the_period_totals_stay_and_rows_go(notice, anyone, time_machine):
    time_machine.shift(DAYS * 86_400)
    assert anyone.get(_address(notice))["running"] is False
    anyone.get(_address(notice) + "rows/", status=404)


def test_lists_know_villages_and_published_notices(notice, anyone):
    (line,) = anyone.rows("public/notices/", village=notice.village.slug, month=notice.month)
    assert (line["number"], line["running"]) == (notice.number, True)
    assert anyone.rows("public/notices/", village="nowhere") == []
    assert [row["slug"] for row in anyone.rows("public/villages/")] == [notice.village.slug]


def test_document_and_its_page_are_files_of_ours(client, db):
    assert client.get("/api/schema/").json()["info"]["version"] == "1.0.0"
    page = client.get("/api/docs/")
    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
