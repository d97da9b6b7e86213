import pytest

from accounts.roles import (
    ACTION_WORDS,
    OF_A_TOWNSHIP,
    OF_BOTH,
    ROLES,
    Action,
    actions_of,
    held_in_township,
    held_in_village,
    roles_with,
)

PROPOSE = {action for action in Action if action.startswith("propose_")}
APPROVE = {action for action in Action if action.startswith("approve_")}
TWO_PERSON_ACTS = PROPOSE | APPROVE


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
    """I-31: their duties do not meet; none touches points or people's files."""
    of_records = {
        Action.VIEW_REGISTER,
        Action.VIEW_LEDGER,
        Action.IMPORT_REGISTER,
        Action.EXPORT_REGISTER,
        Action.REVEAL_PERSONAL,
        *(TWO_PERSON_ACTS - {Action.PROPOSE_ROLE, Action.APPROVE_ROLE}),
    }
    assert actions_of(role).isdisjoint(of_records)
    others = {"system_administrator", "security_administrator", "audit_administrator"} - {role}
    assert all(actions_of(role).isdisjoint(actions_of(other)) for other in others)


@pytest.mark.parametrize("role", ["auditor", "audit_administrator", "system_administrator"])
def test_who_only_looks_on_takes_part_in_no_act(role):
    assert actions_of(role).isdisjoint(TWO_PERSON_ACTS | {Action.IMPORT_REGISTER})


def test_a_village_clerk_proposes_and_does_not_approve():
    assert actions_of("village_clerk") & APPROVE == set()
    assert actions_of("village_clerk") & PROPOSE == {
        Action.PROPOSE_LOCK,
        Action.PROPOSE_PUBLICATION,
        Action.PROPOSE_REVERSAL,
        Action.PROPOSE_ADOPTION,
    }


@pytest.mark.parametrize("act", sorted(PROPOSE))
def test_every_act_of_two_persons_has_roles_for_both(act):
    approve = Action(act.replace("propose_", "approve_"))
    assert roles_with(Action(act))
    assert roles_with(approve)


def test_only_auditors_read_the_audit_trail():
    readers = {role for role in ROLES if Action.VIEW_AUDIT in actions_of(role)}
    assert readers == {"auditor", "audit_administrator"}


def test_i08_only_supervision_signs_a_broken_ledger():
    assert [role for role in ROLES if Action.SIGN_BREAK in actions_of(role)] == [
        "supervision_member"
    ]


def test_every_action_has_its_own_words():
    assert set(ACTION_WORDS) == set(Action)
    words = [str(word) for word in ACTION_WORDS.values()]
    assert len(set(words)) == len(words)
    assert not any(word.isascii() for word in words)


def test_every_role_is_held_somewhere_and_administrators_only_by_townships():
    assert all(held_in_township(role) or held_in_village(role) for role in ROLES)
    assert set(ROLES) >= OF_A_TOWNSHIP | OF_BOTH
    assert not any(held_in_village(role) for role in ROLES if role.endswith("_administrator"))
