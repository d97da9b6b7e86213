"""The test databases themselves: who connects, what commits, what is left."""

import psycopg2
import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, connections


def test_tests_run_as_the_application_role(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("villages_app", False, False)


def test_application_role_cannot_create_tables(db):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.mine (id int)")


def test_committed_database_shows_commits_to_other_connections(committed_db):
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO auth_group (name) VALUES ('甲')")
    with committed_db.as_application() as other, other.cursor() as cursor:
        cursor.execute("SELECT name FROM auth_group")
        assert cursor.fetchall() == [("甲",)]
    assert Group.objects.count() == 1


def test_committed_database_starts_empty_again(committed_db):
    assert Group.objects.count() == 0


def test_template_refuses_connections(committed_db, database_template):
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        cursor.execute(
            "SELECT datallowconn FROM pg_database WHERE datname = %s", [database_template]
        )
        assert cursor.fetchone() == (False,)


def test_chinese_trigrams_are_not_empty(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('石台村')")
        assert cursor.fetchone()[0]


def test_application_cannot_act_as_owner(committed_db):
    refused = pytest.raises(psycopg2.errors.InsufficientPrivilege)
    with committed_db.as_application() as other, other.cursor() as cursor, refused:
        cursor.execute("SET ROLE villages_owner")
