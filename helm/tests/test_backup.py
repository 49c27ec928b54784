"""The chart's backup and restore, run for real against a PostgreSQL with TaskHub's schema (scripts/test brings one)."""

import os
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from places import CHART

SCRIPTS = CHART / "files/backup"
SERVER = urlsplit(os.environ["TASKHUB_TEST_ADMIN_URL"])
FILL = """
    INSERT INTO identity.users (id, email, name, password_hash)
    SELECT gen_random_uuid(), 'user' || n || '@example.org', 'Nö ' || n, 'none' FROM generate_series(1, 200) n;
    INSERT INTO identity.teams (id, key, name) VALUES ('00000000-0000-0000-0000-000000000001', 'ops', 'Operations');
    INSERT INTO identity.members (team_id, user_id, role)
    SELECT '00000000-0000-0000-0000-000000000001', id, 'member' FROM identity.users;
    INSERT INTO tasks.team_log (team_id, revision, last_number) VALUES ('00000000-0000-0000-0000-000000000001', 500, 500);
    INSERT INTO tasks.tasks (id, team_id, number, title, description, status, priority, assignees, created_by, created_at, updated_at)
    SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', n, 'Task ' || n, repeat('ä', n), 'pending', 'none', '{}',
           gen_random_uuid(), now(), now()
    FROM generate_series(1, 500) n;
"""


class Database:
    """A database with TaskHub's schema and something in it, and a directory for its backups."""

    def __init__(self, directory: Path):
        self.name = f"backup_{uuid.uuid4().hex[:12]}"
        self.directory = directory
        self.environment = {
            "PATH": f"{os.environ['POSTGRES_BIN']}:{os.environ['PATH']}", "PGHOST": SERVER.hostname, "PGPORT": str(SERVER.port),
            "PGUSER": SERVER.username, "PGPASSWORD": SERVER.password, "PGDATABASE": self.name,
            "BACKUP_DIR": str(directory), "BACKUP_KEEP": "3",
        }
        self.sql(f"CREATE DATABASE {self.name} TEMPLATE {os.environ['TASKHUB_TEST_TEMPLATE']}", "postgres")
        self.sql(FILL)

    def sql(self, text, database=None):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database or self.name, "-c", text]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()

    def run(self, script, **environment):
        command = ["bash", str(SCRIPTS / script)]
        return subprocess.run(command, env=self.environment | environment, check=False, capture_output=True, text=True, timeout=120)

    def works(self, script, **environment):
        done = self.run(script, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def all(self):
        """All that is in it, as text, with who may do what."""
        command = ["pg_dump", "--format=plain", "--no-comments"]
        text = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout
        # The newer ones write a word of chance into every dump.
        return [line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]

    def dumps(self):
        return sorted(path.name for path in self.directory.iterdir())

    def databases(self):
        return self.sql(f"SELECT datname FROM pg_database WHERE datname LIKE '{self.name}%' ORDER BY 1", "postgres").split()

    def drop(self):
        for name in self.databases():
            self.sql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path)
    yield database
    database.drop()


def test_what_was_lost_comes_back_as_it_was(database):
    before = database.all()
    assert sum(line.count("Task ") for line in before) == 500
    assert "wrote" in database.works("backup.sh")
    (dump,) = database.dumps()
    assert dump.startswith(database.name) and dump.endswith("Z.dump")
    assert (database.directory / dump).stat().st_mode & 0o077 == 0, "nobody else reads it"

    database.drop()
    database.works("restore.sh")
    assert database.all() == before
    assert database.databases() == [database.name]
    for role, table, may in (("taskhub_tasks", "identity.users", "f"), ("taskhub_tasks", "identity.team_access", "t"),
                             ("taskhub_tasks", "tasks.tasks", "t"), ("taskhub_auth", "identity.users", "t")):
        assert database.sql(f"SELECT has_table_privilege('{role}', '{table}', 'SELECT')") == may


def test_going_back_keeps_what_was_there_and_sends_everybody_away(database):
    database.works("backup.sh")
    before = database.all()
    database.sql("DELETE FROM tasks.tasks WHERE number > 100")
    command = ["psql", "-Xq", "-c", "SELECT pg_sleep(300)"]
    with subprocess.Popen(command, env=database.environment, stderr=subprocess.PIPE, text=True) as busy:
        while database.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND state = 'active' "
                           f"AND datname = '{database.name}' AND pid <> pg_backend_pid()", "postgres") == "0":
            assert busy.poll() is None
        database.works("restore.sh", BACKUP_FILE=database.dumps()[0])
        assert busy.wait(timeout=30) != 0
        assert "terminat" in busy.stderr.read()
    assert database.all() == before
    now, old = database.databases()
    assert now == database.name and old.startswith(f"{now}_before_")
    assert database.sql("SELECT count(*) FROM tasks.tasks", old) == "100"


def test_a_dump_that_is_torn_changes_nothing(database):
    database.works("backup.sh")
    whole = database.directory / database.dumps()[0]
    torn = database.directory / f"{database.name}-99999999T000000Z.dump"
    torn.write_bytes(whole.read_bytes()[:-2000])
    database.sql("UPDATE tasks.tasks SET title = 'since then' WHERE number = 1")
    before = database.all()
    done = database.run("restore.sh")
    assert done.returncode != 0 and f"restoring {torn.name}" in done.stdout
    assert database.all() == before
    database.works("restore.sh", BACKUP_FILE=whole.name)
    assert database.sql("SELECT title FROM tasks.tasks WHERE number = 1") == "Task 1"


def test_the_newest_are_kept(database):
    older = [f"{database.name}-2026010{day}T000000Z.dump" for day in range(1, 6)]
    other = "other-20260101T000000Z.dump"
    for name in [*older, other]:
        (database.directory / name).write_bytes(b"")
    database.works("backup.sh")
    kept = [name for name in database.dumps() if name.startswith(database.name)]
    assert kept[:2] == older[3:] and len(kept) == 3
    assert other in database.dumps()


def test_what_fails_leaves_nothing_that_looks_like_a_backup(database):
    assert database.run("backup.sh", PGPASSWORD="wrong").returncode != 0
    assert database.dumps() == []
    database.sql("DROP SCHEMA delivery CASCADE")
    done = database.run("backup.sh")
    assert done.returncode != 0 and "no schema delivery" in done.stderr
    assert database.dumps() == []
    assert "there is no" in database.run("restore.sh").stderr
