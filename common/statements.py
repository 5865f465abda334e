"""Queries of the ORM that are put together once.

For a query with a few joins Django needs longer to write the SQL than PostgreSQL to answer it. On hot paths the SQL is
kept, and only what differs from call to call is given:

    OPEN = Statement(lambda chat_ids: Dialog.objects.filter(chat_id__any_of=chat_ids).order_by("pk"))
    dialogs = OPEN.objects(chat_ids=[1, 2, 3])
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]


class Parameter(Expression):
    """Stands in a query for a value that is given with each call."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What Django made of a query; the columns of the model itself come first, those of its relations after them."""

    sql: str
    parameters: Sequence[Any]
    converters: Sequence[tuple[int, Any, Any]]
    names: Sequence[str]
    columns: Sequence[str]
    relations: Sequence[Any]
    model: type[Any]
    locks: bool


class Statement(Generic[M]):
    """``make`` gets a parameter for each of its arguments and returns the query; it is called once."""

    def __init__(self, make: "Callable[..., QuerySet[M, Any]]") -> None:
        self._make = make

    def objects(self, **values: Any) -> list[M]:
        """Instances, with what ``select_related`` names."""
        return list(self._instances(self._fetched(values)))

    def rows(self, **values: Any) -> list[Row]:
        """Tuples, where the query says ``values_list``."""
        return list(self._fetched(values))

    def dicts(self, **values: Any) -> list[dict[str, Any]]:
        """Dictionaries by the names that the query gives to ``values_list``."""
        names = self._compiled.names
        return [dict(zip(names, row, strict=True)) for row in self._fetched(values)]

    @cached_property
    def _compiled(self) -> Compiled:
        names = inspect.signature(self._make).parameters
        queryset = self._make(**{name: Parameter(name) for name in names})
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, *_rest in compiler.select])
        own = compiler.klass_info["select_fields"] if compiler.klass_info else ()
        return Compiled(
            sql=sql,
            parameters=parameters,
            converters=[(place, convert, expression) for place, (convert, expression) in converters.items()],
            names=queryset.query.values_select,
            columns=[compiler.select[place][0].target.attname for place in own],
            relations=_relations(compiler) if own else (),
            model=queryset.model,
            locks=queryset.query.select_for_update,
        )

    def _fetched(self, values: dict[str, Any]) -> Iterable[Row]:
        compiled = self._compiled
        if compiled.locks and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked for a transaction, and there is none.")
        given = [values[part.name] if isinstance(part, Parameter) else part for part in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, given)
            fetched: Iterable[Row] = cursor.fetchall()
        return _converted(fetched, compiled.converters) if compiled.converters else fetched

    def _instances(self, rows: Iterable[Row]) -> Iterator[M]:
        compiled = self._compiled
        for row in rows:
            instance = compiled.model.from_db(connection.alias, compiled.columns, row[: len(compiled.columns)])
            for relation in compiled.relations:
                relation.populate(row, instance)
            yield instance


def _relations(compiler: SQLCompiler) -> Sequence[Any]:
    populators: Sequence[Any] = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
    return populators


def _converted(rows: Iterable[Row], converters: Sequence[tuple[int, Any, Any]]) -> Iterator[Row]:
    for row in rows:
        values = list(row)
        for place, converts, expression in converters:
            for convert in converts:
                values[place] = convert(values[place], expression, connection)
        yield tuple(values)
