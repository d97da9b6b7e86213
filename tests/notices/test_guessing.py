"""T-04: codes on paper are not tried out from one network; a right one is found as before."""

from datetime import timedelta

import pytest
from django.conf import settings

from jobs.models import Call
from notices import queries
from trail.models import AuditEvent

UNKNOWN = "/n/ZZZZ-ZZZZ-ZZZZ/"
PROXIED = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
def few(settings):
    settings.UNKNOWN_CODES_OF_A_NETWORK = 3


def ask(client, path: str = UNKNOWN, **more):
    return client.get(path, **more)


def test_a_village_hall_types_wrong_often_before_it_waits():
    assert settings.UNKNOWN_CODES_OF_A_NETWORK == 60


def test_t04_who_tries_codes_out_waits_and_learns_nothing_of_a_right_one(
    client, on_show, few, time_machine
):
    time_machine.move_to(on_show.published_at + timedelta(hours=1), tick=False)
    right = f"/n/{queries.body_of(on_show).short_code}/"
    assert [ask(client).status_code for _try in range(3)] == [404] * 3
    for path in (UNKNOWN, right):
        answer = ask(client, path)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "60"
        assert "试得太多了" in answer.content.decode()
    assert ask(client, right, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert AuditEvent.objects.filter(what="notices.codes_guessed").count() == 1
    time_machine.shift(61)
    assert ask(client, right).status_code == 200


def test_a_right_code_is_counted_nowhere(client, on_show, few):
    right = f"/n/{queries.body_of(on_show).short_code}/"
    for _time in range(5):
        assert ask(client, right).status_code == 200
    assert not Call.objects.exists()


@pytest.mark.parametrize(("proxied", "rests"), [(True, False), (False, True)])
def test_t04_only_our_own_proxy_says_which_network_asks(client, db, few, settings, proxied, rests):
    """Without a proxy a header would give everybody as many networks as they like."""
    settings.SECURE_PROXY_SSL_HEADER = PROXIED if proxied else None
    for number in range(4):
        answer = ask(client, headers={"x-forwarded-for": f"10.0.0.1, 203.0.113.{number}"})
    assert (answer.status_code == 429) is rests
