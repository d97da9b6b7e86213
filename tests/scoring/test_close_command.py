"""`manage.py close_month` and `verify_ledger` say in one sentence what was misspelt."""

import pytest
from django.core.management import CommandError, call_command

from jobs.models import Job
from tests.factories import make_township, make_village

VILLAGE = "340602101200"


@pytest.fixture(autouse=True)
def douzhuang(db):
    return make_village(township=make_township())


@pytest.mark.parametrize(
    ("village", "month", "words"),
    [
        ("1", "2026-10", "没有代码是 1 的村"),
        (VILLAGE, "2026-13", "月份要写成 2026-10 这样"),
        (VILLAGE, "２０２６-１０", "月份要写成 2026-10 这样"),
        (VILLAGE, "2026-10", "2026-10没有记账"),
    ],
    ids=["village", "month", "full-width", "nothing entered"],
)
def test_misspelt_close_is_refused_and_leaves_no_job(village, month, words):
    with pytest.raises(CommandError, match=words) as refusal:
        call_command("close_month", "--village", village, "--month", month)
    assert refusal.value.returncode == 2
    assert not Job.objects.exists()


def test_verifying_an_unknown_village_is_refused():
    with pytest.raises(CommandError, match="没有代码是 1 的村") as refusal:
        call_command("verify_ledger", "--village", "1")
    assert refusal.value.returncode == 2
