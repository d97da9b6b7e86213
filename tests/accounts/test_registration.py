import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from accounts.operations.passwords import WeakPassword
from accounts.queries import user_by_name
from accounts.registration import UnfitUsername, UsernameTaken, create_user
from tests.factories import NOON, PASSWORD, make_actor, make_person
from trail.models import AuditEvent


@pytest.fixture
def create(db):
    by, person = make_actor(), make_person(name="韦文书")

    def _create(username: str = "wei", password: str = PASSWORD) -> User:
        return create_user(username=username, person=person, password=password, by=by, at=NOON)

    return _create


def test_create_user_logs_in_and_is_recorded_without_name_or_password(create):
    user = create()
    assert authenticate(username="wei", password=PASSWORD) == user
    assert user_by_name("wei").person.name == "韦文书"
    event = AuditEvent.objects.get()
    assert (event.what, event.about) == ("accounts.user_created", f"accounts.user:{user.pk}")
    assert event.detail == {"person": user.person_id}


def test_a_person_may_have_several_users(create):
    assert create("wei").person == create("wei.2").person


def test_create_user_of_a_taken_name_is_refused(create):
    create()
    with pytest.raises(UsernameTaken, match="账号“wei”已经有人用了，请换一个。"):
        create()
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("username", ["we", "Wei", "韦文书", "we i", "-wei", "w" * 41, ""])
def test_create_user_of_an_odd_name_is_refused(create, username):
    with pytest.raises(UnfitUsername):
        create(username)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "密码太短，至少12个字符。"),
        ("739105826471935", "密码只包含数字。"),
        ("password1234", "这个密码太常见了。"),
    ],
)
def test_create_user_with_a_weak_password_is_refused_in_chinese(create, password, message):
    with pytest.raises(WeakPassword) as refusal:
        create(password=password)
    assert str(refusal.value) == message
    assert not User.objects.exists()


def test_user_by_an_unknown_name_is_none(db):
    assert user_by_name("nobody") is None
