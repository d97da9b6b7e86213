"""Members written a batch at a time in one plain statement.

Django builds an expression for each cell of a bulk update, which for a township takes a minute;
COPY would be refused on a table under row-level security.
"""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

from households.models import Member

Row = Mapping[str, object]

_TABLE = sql.Identifier(Member._meta.db_table)
_FIELDS = {field.column: field for field in Member._meta.concrete_fields}
_INSERT = "INSERT INTO {table} ({columns}) SELECT * FROM {given}"
_UPDATE = (
    "UPDATE {table} SET {changes} FROM {given} AS given ({columns}) WHERE {table}.id = given.id"
)


def insert_members(rows: Sequence[Row]) -> None:
    """Add at least one member, given as columns by name; all rows have the same columns."""
    _execute(_INSERT, rows)


def update_members(rows: Sequence[Row]) -> None:
    """Set columns of members found by `id`; all rows have the same columns."""
    if rows:
        _execute(_UPDATE, rows)


def _execute(statement: str, rows: Sequence[Row]) -> None:
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
    with connection.cursor() as cursor:
        cursor.execute(composed, arrays)
