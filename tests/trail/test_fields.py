import pytest
from django.core.exceptions import FieldError
from django.db import connection

from tests.factories import make_person
from villages.models import Person


def stored(person: Person) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM villages_person WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


def test_text_comes_back_and_is_not_in_the_table(db):
    person = make_person(phone="13812345678")
    assert Person.objects.get(pk=person.pk).phone == "13812345678"
    assert b"138" not in stored(person)


def test_the_same_text_is_stored_differently_each_time(db):
    first, second = make_person(phone="13812345678"), make_person(phone="13812345678")
    assert stored(first) != stored(second)


def test_empty_text_is_an_empty_value(db):
    person = make_person(phone="")
    assert stored(person) == b""
    assert Person.objects.get(pk=person.pk).phone == ""


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__gt"])
def test_encrypted_text_cannot_be_looked_up(db, lookup):
    with pytest.raises(FieldError, match="look it up by its digest"):
        Person.objects.filter(**{lookup: ["13812345678"]})


def test_encrypted_text_may_be_asked_for_null(db):
    make_person()
    assert Person.objects.filter(phone__isnull=False).count() == 1


def test_encrypted_text_is_not_serialized(db):
    field = Person._meta.get_field("phone")
    assert field.value_to_string(make_person(phone="13812345678")) == "<encrypted>"
