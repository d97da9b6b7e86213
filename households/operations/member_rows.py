"""Members written a batch at a time in one plain statement.

Django builds an expression for each cell of a bulk update, which for a township takes a minute;
COPY would be refused on a table under row-level security.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

from households.models import Member, Subject

Row = Mapping[str, object]

_TABLE = sql.Identifier(Member._meta.db_table)
_FIELDS = {field.column: field for field in Member._meta.concrete_fields}
_INSERT = "INSERT INTO {table} ({columns}) SELECT * FROM {given} RETURNING id"
_UPDATE = (
    "UPDATE {table} SET {changes} FROM {given} AS given ({columns}) WHERE {table}.id = given.id"
)

_DELETE = "DELETE FROM {table} WHERE id = ANY (%s)"


def insert_members(rows: Sequence[Row]) -> list[int]:
    """Add at least one member, given as columns by name; all rows have the same columns.

    Returns their numbers, in the order of the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_composed(_INSERT, rows))
        return [number for (number,) in cursor.fetchall()]


def update_members(rows: Sequence[Row]) -> None:
    """Set columns of members found by `id`; all rows have the same columns."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(*_composed(_UPDATE, rows))


def delete_members(ids: Sequence[int]) -> None:
    """Take these members away; the database refuses those to whom something refers."""
    _delete(Member, ids)


def delete_subjects(ids: Sequence[int]) -> None:
    """Take these households away; the database refuses those to which something refers."""
    _delete(Subject, ids)


def _delete(model: type[Member | Subject], ids: Sequence[int]) -> None:
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_DELETE).format(table=table), [list(ids)])


def _composed(statement: str, rows: Sequence[Row]) -> tuple[Any, list[list[Any]]]:
    columns = {name: sql.Identifier(name) for name in rows[0]}
    arrays = [
        [_FIELDS[name].get_db_prep_save(row[name], connection) for row in rows] for name in columns
    ]
    types = [sql.SQL(f"%s::{_FIELDS[name].rel_db_type(connection)}[]") for name in columns]
    changed = [column for name, column in columns.items() if name != "id"]
    composed = sql.SQL(statement).format(
        table=_TABLE,
        columns=sql.SQL(", ").join(columns.values()),
        given=sql.SQL("unnest({})").format(sql.SQL(", ").join(types)),
        changes=sql.SQL(", ").join(sql.SQL("{0} = given.{0}").format(column) for column in changed),
    )
    return composed, arrays
