"""One-time links: hashed, short-lived, used once (T-14: nobody else learns a password)."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Invitation, User
from accounts.operations import invitations
from accounts.operations.invitations import InvitationIsSpent
from accounts.operations.passwords import WeakPassword
from accounts.registration import UnfitUsername, UsernameTaken
from tests.factories import NOON, PASSWORD, make_actor, make_person, make_user
from trail import clock
from trail.models import AuditEvent


@pytest.fixture
def wei(db):
    return make_person(name="韦文书")


def invited(person, *, username="wei", at=NOON):
    return invitations.invite(person=person, username=username, by=make_actor(), at=at)


def accept(invitation, *, password=PASSWORD, at=NOON):
    by = make_actor(person=invitation.person, role="invited")
    return invitations.accept(invitation=invitation, password=password, by=by, at=at)


def test_a_link_opens_a_log_in_once(wei):
    invitation, _token = invited(wei)
    user = accept(invitation)
    assert authenticate(username="wei", password=PASSWORD) == user
    with pytest.raises(InvitationIsSpent):
        accept(invitation)
    acts = list(AuditEvent.objects.order_by("pk").values_list("what", flat=True))
    assert acts == ["accounts.invited", "accounts.invitation_accepted"]
    event = AuditEvent.objects.latest("pk")
    assert (event.about, event.detail["opens"]) == (f"accounts.user:{user.pk}", True)


def test_a_link_expires_after_three_days(wei):
    invitation, _token = invited(wei)
    with pytest.raises(InvitationIsSpent):
        accept(invitation, at=NOON + timedelta(hours=72))
    assert accept(invitation, at=NOON + timedelta(hours=71)).person == wei


def test_the_table_does_not_tell_the_link(wei):
    invitation, token = invited(wei)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in repr(row)
    assert bytes(row["token_digest"]) == invitations.token_digest(token)
    assert token not in repr(list(AuditEvent.objects.values()))


def test_a_newer_link_voids_the_older(wei):
    older, _ = invited(wei)
    newer, _ = invited(wei)
    with pytest.raises(InvitationIsSpent):
        accept(older)
    assert accept(newer).username == "wei"


def test_a_withdrawn_link_opens_nothing(wei):
    invitation, _ = invited(wei)
    invitations.withdraw(invitation=invitation, by=make_actor(), at=NOON)
    with pytest.raises(InvitationIsSpent):
        accept(invitation)
    with pytest.raises(InvitationIsSpent):
        invitations.withdraw(invitation=invitation, by=make_actor(), at=NOON)


def test_two_live_links_for_one_log_in_are_refused_by_the_database(wei):
    invitation, _ = invited(wei)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            person=wei,
            username="wei",
            token_digest=b"1",
            invited_at=NOON,
            expires_at=invitation.expires_at,
        )


def test_used_and_void_at_once_is_refused_by_the_database(wei):
    invitation, _ = invited(wei)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(used_at=NOON, void_at=NOON)


def test_a_forgotten_password_is_chosen_anew(wei):
    make_user(person=wei, username="wei", password="旧的密码我已经忘记了呀")
    invitation, _ = invited(wei)
    assert accept(invitation).person == wei
    assert User.objects.count() == 1
    assert authenticate(username="wei", password=PASSWORD) is not None


def test_the_log_in_of_somebody_else_is_not_handed_out(wei):
    make_user(person=make_person(name="别人"), username="other")
    with pytest.raises(UsernameTaken):
        invited(wei, username="other")
    with pytest.raises(UnfitUsername):
        invited(wei, username="韦")


def test_a_weak_password_leaves_the_link_as_it_was(wei):
    invitation, _ = invited(wei)
    with pytest.raises(WeakPassword):
        accept(invitation, password="short")
    assert accept(invitation).username == "wei"


def test_the_page_of_a_link(wei):
    _invitation, token = invited(wei, at=clock.now())
    client, address = Client(), f"/staff/invite/{token}/"
    page = client.get(address)
    assert "韦文书" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(address, {"password": PASSWORD, "again": "另外一个不一样的密码"})
    assert wrong.status_code == 422
    assert "两次输入的密码不一样" in wrong.content.decode()
    assert client.post(address, {"password": "short", "again": "short"}).status_code == 422
    done = client.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert "密码设好了" in done.content.decode()
    assert client.get(address).status_code == 404
    assert client.get("/staff/invite/nothing-of-the-kind/").status_code == 404
