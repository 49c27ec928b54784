"""The chart's backup and restore, run for real against a PostgreSQL with TaskHub's schema (scripts/test brings one)."""

import contextlib
import os
import re
import shutil
import subprocess
import time
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

    def __init__(self, directory: Path, name: str, installation="shop_taskhub"):
        self.name = name
        self.directory = directory
        self.source = f"{installation}_{name}"
        self.environment = {
            "PATH": f"{os.environ['POSTGRES_BIN']}:{os.environ['PATH']}", "PGHOST": SERVER.hostname, "PGPORT": str(SERVER.port),
            "PGUSER": SERVER.username, "PGPASSWORD": SERVER.password, "PGDATABASE": self.name,
            "BACKUP_DIR": str(directory), "BACKUP_KEEP": "3", "BACKUP_INSTALLATION": installation,
        }
        self.sql(f"CREATE DATABASE {self.name} TEMPLATE {os.environ['TASKHUB_TEST_TEMPLATE']}", "postgres")
        self.sql(FILL)

    def sql(self, text, database=None):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database or self.name, "-c", text]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()

    @staticmethod
    def admin(text):
        """Runs a statement as the server's superuser."""
        environment = {"PATH": f"{os.environ['POSTGRES_BIN']}:{os.environ['PATH']}", "PGPASSWORD": SERVER.password}
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", SERVER.hostname, "-p", str(SERVER.port), "-U", SERVER.username, "-d", "postgres", "-c", text]
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)

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
        """The names in the directory, but for the one that says which server writes there."""
        return sorted(path.name for path in self.directory.iterdir() if path.suffix != ".owner")

    def databases(self):
        pattern = f"^{self.name}(_before_.*|_restoring)?$"
        return self.sql(f"SELECT datname FROM pg_database WHERE datname ~ '{pattern}' ORDER BY 1", "postgres").split()

    def drop(self):
        for name in self.databases():
            self.sql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


@pytest.fixture
def make(tmp_path):
    """Makes databases whose backups go into one directory."""
    made = []

    def database(name, **options):
        made.append(Database(tmp_path, name, **options))
        return made[-1]

    yield database
    for database in made:
        database.drop()


@pytest.fixture
def database(make):
    return make(f"backup_{uuid.uuid4().hex[:12]}")


def test_what_was_lost_comes_back_as_it_was(database):
    before = database.all()
    assert sum(line.count("Task ") for line in before) == 500
    assert "wrote" in database.works("backup.sh")
    (dump,) = database.dumps()
    assert re.fullmatch(rf"shop_taskhub_{database.name}_\d{{8}}T\d{{6}}Z\.dump", dump)
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
    torn = database.directory / f"{database.source}_20991231T235959Z.dump"
    torn.write_bytes(whole.read_bytes()[:-2000])
    database.sql("UPDATE tasks.tasks SET title = 'since then' WHERE number = 1")
    before = database.all()
    done = database.run("restore.sh")
    assert done.returncode != 0 and torn.name in done.stdout + done.stderr
    assert database.all() == before
    database.works("restore.sh", BACKUP_FILE=whole.name)
    assert database.sql("SELECT title FROM tasks.tasks WHERE number = 1") == "Task 1"


def test_the_newest_are_kept(database):
    older = [f"{database.source}_2026010{day}T000000Z.dump" for day in range(1, 6)]
    others = ["other-20260101T000000Z.dump", f"{database.source}_20260101T000000Z-copy.dump", f"{database.name}-20260101T000000Z.dump"]
    for name in [*older, *others]:
        (database.directory / name).write_bytes(b"")
    database.works("backup.sh")
    kept = [name for name in database.dumps() if name not in others]
    assert kept[:2] == older[3:] and len(kept) == 3
    assert set(others) <= set(database.dumps())


def test_the_dump_just_written_is_kept_when_a_clock_was_wrong(database):
    later = [f"{database.source}_209901{day:02}T000000Z.dump" for day in range(1, 6)]
    for name in later:
        (database.directory / name).write_bytes(b"")
    database.works("backup.sh")
    assert database.dumps()[1:] == later[3:]
    assert database.dumps()[0] < later[0]
    for keep in ("0", "-1", "many", ""):
        assert database.run("backup.sh", BACKUP_KEEP=keep).returncode != 0
    assert len(database.dumps()) == 3


def test_installations_that_share_a_directory_leave_each_other_alone(make):
    name = f"taskhub_{uuid.uuid4().hex[:8]}"
    production, staging = make(name), make(f"{name}_staging")
    production.works("backup.sh")
    (dump,) = production.dumps()
    staging.sql("UPDATE tasks.tasks SET title = 'of staging'")
    for number in range(5):
        (staging.directory / f"{staging.source}_2026010{number}T000000Z.dump").write_bytes(b"")
    staging.works("backup.sh", BACKUP_KEEP="1")
    assert len(production.dumps()) == 2 and dump in production.dumps()
    before = production.all()
    assert dump in production.works("restore.sh")
    assert production.all() == before

    production.drop()
    (production.directory / dump).unlink()
    done = production.run("restore.sh")
    assert done.returncode != 0 and f"there is no dump of {production.source}" in done.stderr
    assert production.databases() == []


def test_one_database_name_in_two_installations(make):
    """Two servers have a database of one name; here it is one server, as only the names of the files matter."""
    one = make(f"taskhub_{uuid.uuid4().hex[:8]}")
    one.works("backup.sh")
    one.works("backup.sh", BACKUP_INSTALLATION="shop_taskhub-2")
    one.works("backup.sh", BACKUP_INSTALLATION="shop-2_taskhub", BACKUP_KEEP="1")
    installations = {name.rpartition(f"_{one.name}_")[0] for name in one.dumps()}
    assert installations == {"shop-2_taskhub", "shop_taskhub", "shop_taskhub-2"}
    for installation in ("taskhub", "shop_", "shop_task_hub", "shop/x_taskhub"):
        assert "must be <namespace>_<release>" in one.run("backup.sh", BACKUP_INSTALLATION=installation).stderr


def test_a_dump_of_another_installation_is_restored_only_by_its_name(make):
    name = f"taskhub_{uuid.uuid4().hex[:8]}"
    production, staging = make(name), make(f"{name}_staging")
    staging.works("backup.sh")
    (dump,) = staging.dumps()
    before = production.all()
    renamed = f"{production.source}_20991231T235959Z.dump"
    for word, environment in (
        (f"isn't a dump of {production.source}", {"BACKUP_FILE": dump}),
        ("there is no dump of", {}),
        ("needs BACKUP_FILE", {"RESTORE_FROM": "any"}),
    ):
        done = production.run("restore.sh", **environment)
        assert done.returncode != 0 and word in done.stderr
    (production.directory / renamed).write_bytes((production.directory / dump).read_bytes())
    done = production.run("restore.sh")
    assert done.returncode != 0 and f"is a dump of the database {staging.name}" in done.stderr
    assert (production.all(), production.databases()) == (before, [name])

    staging.sql("UPDATE tasks.tasks SET title = 'since then'")
    production.works("restore.sh", RESTORE_FROM=staging.source)
    assert production.sql("SELECT count(*) FROM tasks.tasks WHERE title = 'since then'") == "0"
    (production.directory / "mine.dump").write_bytes((production.directory / dump).read_bytes())
    production.works("restore.sh", RESTORE_FROM="any", BACKUP_FILE="mine.dump")


def test_a_copy_made_by_hand_is_never_the_newest(database):
    database.works("backup.sh")
    (dump,) = database.dumps()
    for copy in (dump.replace(".dump", "-copy.dump"), f"{database.source}_before-upgrade.dump", f"{database.source}_99.dump", f"{dump}.bak"):
        (database.directory / copy).write_bytes(b"")
    assert f"restoring {dump} " in database.works("restore.sh")


def test_a_directory_of_another_server_is_refused(database):
    database.works("backup.sh")
    (owner,) = database.directory.glob("*.owner")
    assert owner.name == f"{database.source}.owner"
    owner.write_text("1\n")
    before = database.dumps()
    done = database.run("backup.sh", BACKUP_KEEP="1")
    assert done.returncode != 0 and "are those of another server (1)" in done.stderr
    assert database.dumps() == before
    database.works("backup.sh", BACKUP_ADOPT="true")
    database.works("backup.sh")


def test_what_a_killed_backup_left_is_removed_after_a_day(database):
    old, new = (database.directory / f"{database.source}.partial.{word}" for word in ("old00000", "new00000"))
    for path in (old, new):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    database.works("backup.sh")
    assert [old.exists(), new.exists()] == [False, True]


def test_the_servers_mark_is_written_once_and_whole(database):
    """A full volume once left it empty, and no backup was made from then on."""
    database.works("backup.sh")
    (owner,) = database.directory.glob("*.owner")
    mark, inode = owner.read_text(), owner.stat().st_ino
    os.utime(owner, (0, 0))
    database.works("backup.sh")
    assert (owner.read_text(), owner.stat().st_mtime) == (mark, 0)
    for broken in ("", "\n"):
        owner.write_text(broken)
        database.works("backup.sh")
        assert owner.read_text() == mark
    assert owner.stat().st_ino != inode, "a new file replaces it, never half of one"


def test_a_dump_that_cant_get_its_name_ends_the_backup(database, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "mv").write_text(f"""#!/bin/sh
        case "$*" in *.dump) echo "mv: read-only" >&2; exit 1 ;; esac
        exec {shutil.which("mv")} "$@"
    """)
    (programs / "mv").chmod(0o755)
    done = database.run("backup.sh", PATH=f"{programs}:{database.environment['PATH']}")
    assert done.returncode != 0 and "read-only" in done.stderr
    assert database.dumps() == ["programs"]


def test_dumps_with_the_older_names_are_told_of(database):
    assert "older" not in database.works("prepare.sh")
    old = [f"{database.name}-2026010{day}T000000Z.dump" for day in range(1, 4)]
    for name in [*old, f"{database.name}-mine.dump", f"{database.name}_staging-20260101T000000Z.dump"]:
        (database.directory / name).write_bytes(b"")
    told = database.works("prepare.sh")
    assert f"3 dumps with the names of an older release, {old[0]} to {old[-1]}: " in told
    database.works("backup.sh", BACKUP_KEEP="1")
    assert set(old) < set(database.dumps())


def test_a_name_that_has_no_room_for_the_restores_is_refused(make):
    """PostgreSQL cuts names off at 63 characters: `<name>_restoring` would be `<name>` itself."""
    database, other = (make(f"backup_{uuid.uuid4().hex}".ljust(length, "n")) for length in (40, 63))
    database.works("backup.sh")
    database.works("restore.sh")
    database.works("restore.sh")
    assert len(database.databases()) == 3

    other.works("backup.sh")
    before = other.all()
    done = other.run("restore.sh")
    assert done.returncode != 0 and "longer than 40" in done.stderr
    assert (other.all(), other.databases()) == (before, [other.name])


@contextlib.contextmanager
def vacuumed(database):
    """An autovacuum worker is at work in the database, for minutes."""
    database.sql("""
        CREATE TABLE public.slow (text text) WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
            autovacuum_vacuum_insert_threshold = 1, autovacuum_vacuum_insert_scale_factor = 0);
        INSERT INTO public.slow SELECT repeat('a', 1000) FROM generate_series(1, 5000)""")
    database.admin("ALTER SYSTEM SET autovacuum_naptime = 1")
    try:
        database.admin("SELECT pg_reload_conf()")
        until = time.monotonic() + 60
        while database.sql(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.name}' AND backend_type = 'autovacuum worker' "
                           "AND query LIKE '%public.slow%'", "postgres") == "0":
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        database.admin("ALTER SYSTEM RESET autovacuum_naptime")
        database.admin("SELECT pg_reload_conf()")


def test_an_autovacuum_holds_no_restore_up(database):
    """It has no role whose connections could be closed; renaming ends it."""
    database.works("backup.sh")
    with vacuumed(database):
        started = time.monotonic()
        database.works("restore.sh")
    assert time.monotonic() - started < 30


@pytest.fixture
def administrator():
    """A role that may do what docs/install.md asks of the administrator of an external server."""
    name = f"admin_{uuid.uuid4().hex[:8]}"
    yield name
    Database.admin(f"DROP ROLE IF EXISTS {name}")


def test_without_a_superuser(make, administrator):
    """As on an external server: its own backup comes back while services are connected."""
    database = make(f"external_{uuid.uuid4().hex[:8]}")
    database.works("backup.sh")
    database.drop()
    Database.admin(f"CREATE ROLE {administrator} LOGIN CREATEROLE PASSWORD 'secret'")
    Database.admin(f"CREATE DATABASE {database.name} OWNER {administrator} TEMPLATE template0 ENCODING 'UTF8'")
    as_administrator = {"PGUSER": administrator, "PGPASSWORD": "secret"}
    refused = database.run("restore.sh", **as_administrator)
    assert refused.returncode != 0 and "CREATEDB" in refused.stderr
    Database.admin(f"ALTER ROLE {administrator} CREATEDB")
    database.works("restore.sh", **as_administrator)
    before = database.all()
    database.works("backup.sh", **as_administrator)

    service = f"service_{uuid.uuid4().hex[:8]}"
    # As migrating does: since PostgreSQL 16 a role may only join those that it made.
    command = ["psql", "-Xq", "-d", "postgres", "-c", f"CREATE ROLE {service} LOGIN PASSWORD 'secret'"]
    subprocess.run(command, env=database.environment | as_administrator, check=True)
    database.sql("DELETE FROM tasks.tasks")
    command = ["psql", "-Xq", "-c", "SELECT pg_sleep(300)"]
    connected = database.environment | {"PGUSER": service, "PGPASSWORD": "secret"}
    with subprocess.Popen(command, env=connected, stderr=subprocess.DEVNULL) as busy:
        while database.sql(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{service}' AND state = 'active'", "postgres") == "0":
            assert busy.poll() is None
        database.works("restore.sh", **as_administrator)
        assert busy.wait(timeout=30) != 0
    assert database.all() == before
    assert database.sql(f"SELECT DISTINCT pg_get_userbyid(datdba) FROM pg_database WHERE datname ~ '^{database.name}'", "postgres") == administrator
    database.drop()
    Database.admin(f"DROP ROLE {service}")


def test_what_fails_leaves_nothing_that_looks_like_a_backup(database):
    assert database.run("backup.sh", PGPASSWORD="wrong").returncode != 0
    assert database.dumps() == []
    database.sql("DROP SCHEMA delivery CASCADE")
    done = database.run("backup.sh")
    assert done.returncode != 0 and "no schema delivery" in done.stderr
    assert database.dumps() == []
    assert "there is no" in database.run("restore.sh").stderr
