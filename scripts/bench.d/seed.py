"""Fills the database with teams, people and tasks, by COPY.

Everything is numbered, and an id holds its number, so that pgbench finds ids by arithmetic: user u is in the teams
(u + k * step) % teams for k in 0..7, owner of the first; task n is number n / teams + 1 of team n % teams. The tasks of a
team therefore lie apart on disk, as they do where many teams work at the same time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

USER, TEAM, TASK, EVENT = "01950000-0000-7000-8000-", "01960000-0000-7000-8000-", "01970000-0000-7000-8000-", "01970000-0000-7000-9000-"
TEAMS_OF_A_USER = 8
NOTIFICATIONS_OF_A_USER = 100


def uuid(prefix: str, number: int) -> str:
    return f"{prefix}{number:012x}"


def uuid_sql(prefix: str, number: str) -> str:
    return f"('{prefix}' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"


@dataclass(frozen=True)
class Size:
    teams: int
    tasks_of_a_team: int

    @property
    def users(self) -> int:
        return self.teams

    @property
    def step(self) -> int:
        return self.teams // TEAMS_OF_A_USER

    @property
    def tasks(self) -> int:
        return self.teams * self.tasks_of_a_team

    def team_of(self, user: int, k: int) -> int:
        return (user + k * self.step) % self.teams

    def task_of(self, team: int, row: int) -> int:
        """The task with number `row` + 1 of the team."""
        return team + row * self.teams

    def key_of(self, team: int) -> str:
        return f"t{team}x"


def email(user: int) -> str:
    return f"user{user}@bench.example"


MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


def tasks_sql(size: Size) -> str:
    """All tasks as rows; half of them have an assignee, and half are done."""
    user = f"((n % {size.teams} - (n / {size.teams} % {TEAMS_OF_A_USER}) * {size.step} + {size.teams}) % {size.teams})"
    status = (
        "CASE WHEN w < 50 THEN 'completed' WHEN w < 75 THEN 'pending' WHEN w < 90 THEN 'in_progress' "
        "WHEN w < 96 THEN 'blocked' ELSE 'cancelled' END"
    )
    return f"""
        SELECT {uuid_sql(TASK, "n")} AS id, {uuid_sql(TEAM, f"n % {size.teams}")} AS team_id, n / {size.teams} + 1 AS number,
               'Task ' || n || ': look through the report of the quarter' AS title,
               'What was asked for, by whom, and until when; what is still open is in the notes of the meeting.' AS description,
               {status} AS status, (ARRAY['none', 'low', 'medium', 'high', 'urgent'])[n % 5 + 1] AS priority,
               CASE WHEN n % 2 = 0 THEN ARRAY[{uuid_sql(USER, user)}] ELSE '{{}}' END AS assignees,
               NULL::timestamptz AS due_at, {uuid_sql(USER, user)} AS created_by, at AS created_at, at AS updated_at,
               CASE WHEN w < 50 THEN at END AS completed_at, 1::bigint AS version, NULL::timestamptz AS deleted_at
        FROM (SELECT n, (n / {size.teams} * 37 + n) % 100 AS w,
                     '2026-01-01'::timestamptz + n * (interval '300 days' / {size.tasks}) AS at
              FROM generate_series(0::bigint, {size.tasks - 1}) n) numbered"""


def events_sql(size: Size) -> str:
    """The event that each task was made by."""
    return f"""
        SELECT t.team_id, t.number AS revision, ('{EVENT}' || right(t.id::text, 12))::uuid AS id, 'task.created' AS type,
               t.id AS task_id, t.created_by AS actor_id, t.created_at AS occurred_at, NULL::text AS traceparent,
               jsonb_build_object('task', jsonb_build_object(
                   'id', t.id, 'team_id', t.team_id, 'number', t.number, 'key', 'T' || ({team_number("t.team_id")}) || 'X-' || t.number,
                   'title', t.title, 'description', t.description, 'status', t.status, 'priority', t.priority,
                   'assignees', t.assignees, 'due_at', NULL, 'created_by', t.created_by,
                   'created_at', {MOMENT.format("t.created_at")}, 'updated_at', {MOMENT.format("t.updated_at")},
                   'completed_at', {MOMENT.format("t.completed_at")}, 'version', 1), 'previous', '{{}}'::jsonb) AS data
        FROM ({tasks_sql(size)}) t"""


def team_number(column: str) -> str:
    return f"('x' || right({column}::text, 12))::bit(48)::bigint"


def copy(url: str, table: str, columns: str, query: str) -> None:
    """The rows of a query through two connections, as a file would come."""
    with psycopg.connect(url) as source, psycopg.connect(url) as target:
        with (
            source.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as rows,
            target.cursor().copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)") as into,
        ):
            for data in rows:
                into.write(data)


@contextmanager
def without_indexes(url: str, table: str) -> Iterator[None]:
    """Takes off a table's indexes, but for those of its constraints, and makes them anew in the end: each row at its place
    in each of them would take longer than the rest."""
    with psycopg.connect(url, autocommit=True) as db:
        indexes = db.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = %s::regclass "
            "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)", (table,),
        ).fetchall()  # fmt: skip
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}".encode())
        yield
        db.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            db.execute(definition.encode())


def fill(url: str, size: Size, password_of: str) -> None:
    """All tables; the users get the password of the user `password_of`."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(
            "TRUNCATE tasks.tasks, tasks.events, tasks.team_log, tasks.outbox, tasks.idempotency_keys, delivery.notifications"
        )
        db.execute("DELETE FROM identity.users WHERE email LIKE 'user%@bench.example'")
        db.execute("DELETE FROM identity.teams WHERE key ~ '^t[0-9]+x$'")
    everyone = f"generate_series(0::bigint, {size.users - 1})"
    copy(
        url, "identity.users", "id, email, name, password_hash",
        f"SELECT {uuid_sql(USER, 'n')}, 'user' || n || '@bench.example', 'User ' || n, u.password_hash "
        f"FROM {everyone} n, identity.users u WHERE u.id = '{password_of}'",
    )  # fmt: skip
    copy(
        url, "identity.teams", "id, key, name",
        f"SELECT {uuid_sql(TEAM, 'n')}, 't' || n || 'x', 'Team ' || n FROM {everyone} n",
    )  # fmt: skip
    copy(
        url, "identity.members", "team_id, user_id, role",
        f"SELECT {uuid_sql(TEAM, f'(n + k * {size.step}) % {size.teams}')}, {uuid_sql(USER, 'n')}, "
        f"CASE WHEN k = 0 THEN 'owner' ELSE 'member' END FROM {everyone} n, generate_series(0, {TEAMS_OF_A_USER - 1}) k",
    )  # fmt: skip
    columns = (
        "id, team_id, number, title, description, status, priority, assignees, due_at, created_by, created_at, "
        "updated_at, completed_at, version, deleted_at"
    )
    with without_indexes(url, "tasks.tasks"):
        copy(url, "tasks.tasks", columns, tasks_sql(size))
    columns = "team_id, revision, id, type, task_id, actor_id, occurred_at, traceparent, data"
    with without_indexes(url, "tasks.events"):
        copy(url, "tasks.events", columns, events_sql(size))
    copy(
        url, "tasks.team_log", "team_id, revision, last_number",
        f"SELECT {uuid_sql(TEAM, 'n')}, {size.tasks_of_a_team}::bigint, {size.tasks_of_a_team}::bigint FROM {everyone} n",
    )  # fmt: skip
    copy(
        url, "delivery.notifications", "id, user_id, team_id, revision, type, task_id, task_key, title, actor_id",
        f"""SELECT ('01970000-0000-7000-' || lpad(to_hex(32768 + i), 4, '0') || '-' || lpad(to_hex(n), 12, '0'))::uuid,
                   {uuid_sql(USER, 'n')}, {uuid_sql(TEAM, 'n')}, i::bigint, 'task.assigned', {uuid_sql(TASK, 'n')},
                   'T' || n || 'X-1', 'Task ' || n || ': look through the report of the quarter', {uuid_sql(USER, 'n')}
            FROM {everyone} n, generate_series(1, {NOTIFICATIONS_OF_A_USER}) i""",
    )  # fmt: skip
    settle(url)


def settle(url: str) -> None:
    """What PostgreSQL would otherwise do at some point in the middle of a measurement."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("VACUUM (ANALYZE)")
        db.execute("CHECKPOINT")
