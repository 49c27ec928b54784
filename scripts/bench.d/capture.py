"""The SQL of a request, as PostgreSQL got it: nothing here repeats a statement of TaskHub's.

For a moment PostgreSQL logs every statement with its parameters; the request is made; what the service's role executed in
that time is the request's SQL. The parameters that the request itself determines get a role (the user, the team, the
task, a new id, …); the others stay as they were.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

EXECUTE = re.compile(r"^<(?P<role>[^>]*)> LOG:  execute [^:]*: (?P<sql>.*?)(?=^<)", re.M | re.S)
DETAIL = re.compile(r"<[^>]*> DETAIL:  parameters: (?P<parameters>.*?)(?=^<|\Z)", re.M | re.S)
PARAMETER = re.compile(r"\$(\d+) = (NULL|'((?:[^']|'')*)')", re.S)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def capture(admin_url: str, log: Path, role: str, send: Callable[[], object]) -> list[tuple[str, list[str | None]]]:
    """The statements that `role` executes while `send` runs, each with its parameters as text."""
    with psycopg.connect(admin_url, autocommit=True) as db:
        for _ in range(3):
            send()
        db.execute("ALTER SYSTEM SET log_statement = 'all'")
        db.execute("SELECT pg_reload_conf()")
        try:
            time.sleep(0.5)
            start = log.stat().st_size
            send()
            time.sleep(0.3)
        finally:
            db.execute("ALTER SYSTEM RESET log_statement")
            db.execute("SELECT pg_reload_conf()")
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode(errors="replace")
    return list(statements(text, role))


def statements(text: str, role: str):
    for found in EXECUTE.finditer(text + "\n<"):
        if found["role"] != role:
            continue
        # A line that goes on begins with a tab.
        sql = found["sql"].replace("\n\t", "\n").strip()
        detail = DETAIL.match(text, found.end())
        parameters: list[str | None] = []
        if detail:
            for number, raw, value in PARAMETER.findall(detail["parameters"].replace("\n\t", "\n")):
                assert int(number) == len(parameters) + 1, detail["parameters"]
                parameters.append(None if raw == "NULL" else value.replace("''", "'"))
        yield sql, parameters


def describe(admin_url: str, sql: str, values: list[str | None], known: dict[str, str]) -> dict:
    """A statement with its parameters' types, values and roles; `known` maps the values of the request to roles.

    A UUID that the request doesn't determine is a new id.
    """
    with psycopg.connect(admin_url, autocommit=True) as db:
        db.execute(b"PREPARE captured AS " + sql.encode())
        (types,) = db.execute("SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'captured'").fetchone()
    assert len(types) == len(values), (sql, types, values)
    parameters = []
    for kind, text in zip(types, values):
        role = known.get(text or "")
        if role is None and kind == "uuid" and UUID.fullmatch(text or ""):
            role = "new_id"
        parameters.append({"type": kind, "text": text, "value": value_of(kind, text), "role": role})
    return {"sql": sql, "parameters": parameters}


def value_of(kind: str, text: str | None) -> object:
    """A parameter as asyncpg takes it."""
    if text is None:
        return None
    if kind.endswith("[]"):
        return [value_of(kind[:-2], each.strip('"')) for each in text[1:-1].split(",") if each]
    if kind in ("bigint", "integer", "smallint"):
        return int(text)
    if kind == "boolean":
        return text == "t"
    return text


# One token of SQL that matters here: a string, a parameter, or anything else.
TOKEN = re.compile(r"'(?:[^']|'')*'|\$(?P<number>\d+)|[^'$]+|\$", re.S)


def rewrite(statement: dict, parameter: Callable[[int, dict], str], string: Callable[[str], str] = str) -> str:
    """The statement's text with each parameter replaced, numbered from 0."""
    parts = []
    for token in TOKEN.finditer(statement["sql"]):
        if token["number"]:
            number = int(token["number"]) - 1
            parts.append(parameter(number, statement["parameters"][number]))
        elif token[0].startswith("'"):
            parts.append(string(token[0]))
        else:
            parts.append(token[0])
    return "".join(parts)
