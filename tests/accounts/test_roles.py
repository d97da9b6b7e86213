import pytest

from accounts.roles import ROLES, Action, actions_of

TWO_PERSON_ACTS = {
    Action.PROPOSE_LOCK,
    Action.APPROVE_LOCK,
    Action.PROPOSE_PUBLICATION,
    Action.APPROVE_PUBLICATION,
}


def test_an_unknown_role_may_do_nothing():
    assert actions_of("king") == frozenset()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_chinese_name_and_actions_of_the_table(role):
    name, actions = ROLES[role]
    assert str(name).isascii() is False
    assert actions == actions_of(role)
    assert actions <= set(Action)


@pytest.mark.parametrize(
    "role", ["system_administrator", "security_administrator", "audit_administrator"]
)
def test_the_three_administrators_keep_no_villages_records(role):
    """I-31: each has one duty; none touches points or people's files."""
    assert len(actions_of(role)) == 1
    others = {"system_administrator", "security_administrator", "audit_administrator"} - {role}
    assert all(actions_of(role).isdisjoint(actions_of(other)) for other in others)


@pytest.mark.parametrize("role", ["auditor", "county_administrator"])
def test_who_only_looks_on_takes_part_in_no_act(role):
    assert actions_of(role).isdisjoint(TWO_PERSON_ACTS | {Action.IMPORT_REGISTER})


def test_a_village_clerk_proposes_and_does_not_approve():
    assert actions_of("village_clerk") & TWO_PERSON_ACTS == {
        Action.PROPOSE_LOCK,
        Action.PROPOSE_PUBLICATION,
    }


def test_only_auditors_read_the_audit_trail():
    readers = {role for role in ROLES if Action.VIEW_AUDIT in actions_of(role)}
    assert readers == {"auditor", "audit_administrator"}


def test_i08_only_supervision_signs_a_broken_ledger():
    assert [role for role in ROLES if Action.SIGN_BREAK in actions_of(role)] == [
        "supervision_member"
    ]
