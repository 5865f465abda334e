"""Many rows of a model in one statement.

The ORM's ``bulk_update`` writes a CASE for every field of every row and its ``bulk_create`` passes every value as a
parameter of its own: on the hot path both cost many times what PostgreSQL does with them. Here the rows travel as one
JSON parameter, whose types PostgreSQL takes from the model's columns.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def update_rows(rows: Collection[models.Model], *fields: str) -> None:
    """Write these fields of rows that the caller holds, all of one model."""
    if not rows:
        return
    model = type(next(iter(rows)))
    values = _json(rows, [model._meta.pk, *_columns(model, fields)])
    _execute(_update_statement(model, fields), values, [row.pk for row in rows])


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their ids. Nothing that a model does on saving is done."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and _is_given(rows[0], field)]
    names = tuple(field.name for field in fields)
    for row, (pk,) in zip(rows, _execute(_insert_statement(model, names), _json(rows, fields)), strict=True):
        row.pk = pk
        row._state.adding = False
        row._state.db = connection.alias


def _is_given(row: models.Model, field: "models.Field[Any, Any]") -> bool:
    """What the row leaves to the database's default is left out for all rows."""
    return not isinstance(getattr(row, field.attname), DatabaseDefault)


@cache
def _update_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = _columns(model, fields)
    assignments = ", ".join(f"{_name(field)} = new.{_name(field)}" for field in columns)
    key = _name(model._meta.pk)
    # The keys are named once more, since of what is in the JSON PostgreSQL can't tell how many rows it will be.
    return (
        f"UPDATE {table} SET {assignments} FROM jsonb_to_recordset(%s)"  # noqa: S608 - names of our own models
        f" AS new({_typed([model._meta.pk, *columns])}) WHERE {table}.{key} = new.{key} AND {table}.{key} = ANY(%s)"
    )


@cache
def _insert_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    columns = _columns(model, fields)
    names = ", ".join(map(_name, columns))
    return (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) SELECT {names} FROM"  # noqa: S608
        f" ROWS FROM (jsonb_to_recordset(%s) AS ({_typed(columns)})) WITH ORDINALITY AS new({names}, place)"
        f" ORDER BY place RETURNING {_name(model._meta.pk)}"
    )


def _columns(model: type[models.Model], fields: Iterable[str]) -> "list[models.Field[Any, Any]]":
    return [model._meta.get_field(name) for name in fields]  # type: ignore[misc]


def _name(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(field.column or field.name)


def _typed(fields: "Iterable[models.Field[Any, Any]]") -> str:
    return ", ".join(
        f"{_name(field)} {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}"
        for field in fields
    )


def _json(rows: Iterable[models.Model], fields: "Sequence[models.Field[Any, Any]]") -> str:
    names = [(field.column, field.attname) for field in fields]
    return json.dumps([{column: getattr(row, attribute) for column, attribute in names} for row in rows], default=str)


def _execute(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
