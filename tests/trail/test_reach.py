"""The second wall by itself: what the database hides when a query forgets (T-02, T-03, I-05)."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError

from households.models import Member
from tests.factories import make_household, make_member, make_township, make_village
from trail.fields import EncryptedTextField
from trail.scope import in_error, kept_apart, reach, reaching

OUTSIDE = {
    "villages_person": "log-in comes before any scope",
    "files_export": "a file made for one person, often of a whole township: it has no one village",
    "households_importbatch": "a sheet of one person, often of a whole township, sealed and wiped",
    "households_importpage": "a part of such a sheet",
}
WALLS = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
           array_agg(pg_get_expr(p.polqual, c.oid)) = array_agg(pg_get_expr(p.polwithcheck, c.oid)),
           bool_and(p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'), count(*)
    FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace
    GROUP BY c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
"""


def _tables_with_personal_data() -> set[str]:
    """Those with an encrypted column: whatever is encrypted is personal, by the house's rule."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }


def _open(expected: set[str], walls: list[tuple]) -> list[str]:
    whole = {table for table, forced, same, for_all, count in walls if forced and same and for_all}
    return sorted(expected - whole)


@pytest.fixture
def neighbours(db):
    """Two villages of a township, a member in each, and nothing in reach."""
    township = make_township()
    places = [make_village(township=township, number=number) for number in (201, 202)]
    for village in places:
        make_member(household=make_household(village=village), name=f"住{village.name}")
    reach([])
    return places


def _villages_seen() -> set[int]:
    return set(Member.objects.values_list("village_id", flat=True))


def test_guard_sees_a_table_without_its_wall():
    for wall in ((False, True, True), (True, False, True), (True, True, False)):
        assert _open({"households_member"}, [("households_member", *wall, 1)])
    assert _open({"households_member"}, []) == ["households_member"]


def test_every_table_with_personal_data_is_behind_the_wall(db):
    with connection.cursor() as cursor:
        cursor.execute(WALLS)
        walls = cursor.fetchall()
    expected = _tables_with_personal_data()
    assert expected >= {"households_member", *OUTSIDE}
    assert _open(expected - set(OUTSIDE), walls) == []


def test_without_a_reach_there_are_no_rows(neighbours):
    assert _villages_seen() == set()
    assert Member.objects.update(name="改") == 0


def test_a_reach_shows_its_villages_and_no_other(neighbours):
    for village in neighbours:
        reach([village.pk])
        assert _villages_seen() == {village.pk}
    reach([village.pk for village in neighbours])
    assert len(_villages_seen()) == 2


def test_a_row_is_written_within_reach_only(neighbours):
    near, far = neighbours
    reach([near.pk])
    home = make_household(village=far)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        make_member(household=home)
    mine = Member.objects.get()
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Member.objects.filter(pk=mine.pk).update(village_id=far.pk, subject_id=home.pk)


def test_a_reach_outside_a_transaction_is_refused(committed_db):
    with pytest.raises(TransactionManagementError):
        reach([1])


def test_a_reach_ends_with_its_transaction(committed_db):
    village = make_village(township=make_township())
    make_member(household=make_household(village=village))
    connection.close()
    with reaching([village.pk]):
        assert Member.objects.count() == 1
    assert Member.objects.count() == 0


def test_a_reach_inside_another_is_put_back(neighbours):
    near, far = neighbours
    reach([near.pk])
    with reaching([far.pk]):
        assert _villages_seen() == {far.pk}
    assert _villages_seen() == {near.pk}
    with kept_apart():
        assert _villages_seen() == set()
    with pytest.raises(ZeroDivisionError), reaching([far.pk]):
        raise ZeroDivisionError
    assert _villages_seen() == {near.pk}


def test_the_wall_is_asked_once_a_statement_and_uses_the_index(neighbours):
    reach([village.pk for village in neighbours])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT name FROM households_member WHERE phone_hmac = 'a'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "InitPlan" in plan
    assert "villages_in_reach" not in plan.split("InitPlan")[0]
    assert "Index Cond" in plan


def test_an_error_of_the_database_is_seen_though_it_was_swallowed(db):
    with kept_apart():
        assert not in_error()
        with connection.cursor() as cursor, pytest.raises(Exception, match="division by zero"):
            cursor.execute("SELECT 1/0")
        assert in_error()
        transaction.set_rollback(True)
    assert not in_error()


def test_the_owner_is_under_the_wall_too(committed_db):
    """FORCE: a data migration sets its reach village by village and counts what it changed."""
    township = make_township()
    villages = [make_village(township=township, number=number) for number in (201, 202)]
    for village in villages:
        make_member(household=make_household(village=village), name="张三")
    assert Member.objects.using("owner").update(note="迁移") == 0
    changed = 0
    for village in villages:
        with reaching([village.pk], using="owner"):
            changed += Member.objects.using("owner").update(note="迁移")
    assert changed == 2


def test_the_wall_goes_up_and_down(committed_db):
    """RowSecurity backwards and forwards again, by the owner."""
    for name in ("0002_cards_and_their_tries", "0003_members_behind_the_wall"):
        call_command("migrate", "households", name, database="owner", stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute(WALLS)
            found = {row[0] for row in cursor.fetchall()}
        assert ("households_member" in found) == name.startswith("0003")
