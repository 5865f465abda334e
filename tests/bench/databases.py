"""Databases beside each other in the server that the environment names: the product's, copies of it, the ceiling's."""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import conninfo, sql

from tests.bench.processes import parent_of

SERVER = os.environ.get("DATABASE_URL", "")


def url_of(name: str) -> str:
    return conninfo.make_conninfo(SERVER, dbname=name)


def url_for_settings(name: str) -> str:
    """As the product wants it: a URL."""
    before, _slash, after = SERVER.partition("://")[2].partition("/")
    return f"postgresql://{before}/{name}?{after.partition('?')[2]}"


def execute(name: str, *statements: str | sql.Composable) -> Any:
    """One row of the last statement's result, if it has any."""
    row = None
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            row = cursor.fetchone() if cursor.description else None
    return row


def create(name: str, *, copy_of: str = "template1") -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(copy_of))
    execute("postgres", drop, make)


def migrate(name: str) -> None:
    run_python(["manage.py", "migrate", "--skip-checks", "--verbosity", "0"], {"DATABASE_URL": url_for_settings(name)})


def run_python(arguments: list[str], environment: Mapping[str, str]) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def server_pid() -> int:
    """The process above the one that serves us; it counts what its ended children have used."""
    with psycopg.connect(url_of("postgres")) as connection:
        return parent_of(connection.info.backend_pid)
