"""Starts what TaskHub is measured against; each reference itself is a file in references/."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from place import REFERENCES, Place, Process, free_port
from stack import request


def await_answer(process: Process, port: int) -> None:
    for _ in range(1200):
        process.check()
        try:
            request(port, "GET", "/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{process.name} doesn't answer")


class FastApi:
    """FastAPI under uvicorn with two workers; see references/fastapi_app.py."""

    POOL = 8

    def __init__(self, place: Place, database_url: str, statements: Path, jwks: str) -> None:
        self.port = free_port()
        command = [
            str(place.python_bin / "uvicorn"), "fastapi_app:app", "--app-dir", str(REFERENCES), "--port", str(self.port),
            "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        environment = {
            "BENCH_DATABASE_URL": database_url, "BENCH_STATEMENTS": str(statements), "BENCH_JWKS": jwks,
            "BENCH_POOL": str(self.POOL), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        self._process = Process("FastAPI", command, environment, place.logs / "fastapi.log")

    def start(self) -> None:
        self._process.start()
        await_answer(self._process, self.port)

    def stop(self) -> None:
        self._process.stop()


class Nginx:
    """nginx before task-service, in the three ways of references/nginx.conf, with the verifier that it asks."""

    def __init__(self, place: Place, task_service: int, jwks: str) -> None:
        self.proxy, self.auth, self.auth_cached, verifier = (free_port() for _ in range(4))
        directory = place.work / "nginx"
        directory.mkdir(exist_ok=True)
        text = (REFERENCES / "nginx.conf").read_text()
        for name, value in {
            "DIR": directory, "TASK_SERVICE": task_service, "VERIFIER": verifier, "PROXY": self.proxy, "AUTH": self.auth,
            "AUTH_CACHED": self.auth_cached,
            # Another user's workers couldn't get at the directory.
            "USER": "user root;" if os.geteuid() == 0 else "",
        }.items():  # fmt: skip
            text = text.replace(f"@{name}@", str(value))
        configuration = directory / "nginx.conf"
        configuration.write_text(text)
        self._verifier = Process(
            "verifier", [place.verifier, f"127.0.0.1:{verifier}"], {}, place.logs / "verifier.log", jwks.encode()
        )
        self._nginx = Process(
            "nginx", [place.nginx, "-p", str(directory), "-c", str(configuration)], {}, place.logs / "nginx.log"
        )

    def start(self) -> None:
        self._verifier.start()
        self._nginx.start()
        for port in (self.proxy, self.auth, self.auth_cached):
            await_answer(self._nginx, port)

    def stop(self) -> None:
        self._nginx.stop()
        self._verifier.stop()


class Celery:
    """Celery with two prefork processes; see references/celery_app.py."""

    name = "Celery"

    def __init__(self, place: Place, database_url: str) -> None:
        self._place = place
        self._environment = {
            "BENCH_DATABASE_URL": database_url, "BENCH_REDIS_URL": place.redis_database(1), "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(REFERENCES),
        }  # fmt: skip

    def fill(self, jobs: Path) -> None:
        code = "import sys, celery_app; celery_app.enqueue(open(sys.argv[1]).read().splitlines())"
        subprocess.run(
            [str(self._place.python_bin / "python3"), "-c", code, str(jobs)], check=True,
            env=self._environment, cwd=self._place.work,
        )  # fmt: skip

    def process(self) -> Process:
        command = [
            str(self._place.python_bin / "celery"), "-A", "celery_app", "worker", "--pool", "prefork", "--concurrency", "2",
            "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "error",
        ]  # fmt: skip
        return Process(self.name, command, {**self._environment, "C_FORCE_ROOT": "1"}, self._place.logs / "celery.log")


class BullMq:
    """BullMQ on Node; see references/bullmq.js. A hundred jobs at once over eight connections."""

    name = "BullMQ"
    CONCURRENCY, POOL = 100, 8

    def __init__(self, place: Place, database_url: str) -> None:
        self._place = place
        self._environment = {
            "BENCH_DATABASE_URL": database_url, "BENCH_REDIS_URL": place.redis_database(2), "NODE_ENV": "production",
            "BENCH_CONCURRENCY": str(self.CONCURRENCY), "BENCH_POOL": str(self.POOL),
        }  # fmt: skip
        # Node looks for modules beside the file.
        self._script = Path(place.node_modules) / "bullmq.js"
        if place.node_modules:
            self._script.write_text((REFERENCES / "bullmq.js").read_text())

    def fill(self, jobs: Path) -> None:
        command = ["node", str(self._script), "fill", str(jobs)]
        environment = {**self._environment, "PATH": os.environ["PATH"]}
        subprocess.run(command, check=True, env=environment, cwd=self._place.node_modules)

    def process(self) -> Process:
        return Process(self.name, ["node", str(self._script), "work"], self._environment, self._place.logs / "bullmq.log")


def drain(queue: Celery | BullMq, admin_url: str, jobs: Path, first_revision: int, count: int) -> float:
    """Jobs a second, from a full queue: between the first effect and the last, so without the start of the workers."""
    queue.fill(jobs)
    process = queue.process()
    process.start()
    try:
        await_effects(admin_url, first_revision, count, process.check)
    finally:
        process.stop()
    return effects_per_second(admin_url, first_revision)


def await_effects(admin_url: str, first_revision: int, count: int, check: Callable[[], None]) -> None:
    query = "SELECT count(*) FROM delivery.notifications WHERE revision >= %s"
    with psycopg.connect(admin_url, autocommit=True) as db:
        started, last, moved = time.monotonic(), -1, time.monotonic()
        while True:
            (done,) = db.execute(query, (first_revision,)).fetchone()
            if done >= count:
                return
            check()
            if done != last:
                last, moved = done, time.monotonic()
            if time.monotonic() - moved > 30:
                raise SystemExit(f"{done} of {count} effects after {time.monotonic() - started:.0f} s, and no more")
            time.sleep(0.2)


def effects_per_second(admin_url: str, first_revision: int) -> float:
    """The rate between the first transaction with an effect and the last; those of the first don't count."""
    with psycopg.connect(admin_url, autocommit=True) as db:
        (rate,) = db.execute(
            "WITH effects AS (SELECT created_at, min(created_at) OVER () AS first, max(created_at) OVER () AS last "
            "                 FROM delivery.notifications WHERE revision >= %s) "
            "SELECT (count(*) FILTER (WHERE created_at > first) / extract(epoch FROM max(last) - max(first)))::float8 "
            "FROM effects",
            (first_revision,),
        ).fetchone()
    return rate


def events_as_jobs(admin_url: str, first_revision: int, count: int, path: Path) -> None:
    """The jobs of the references: the same envelopes that TaskHub's worker carries, one JSON object a line."""
    with psycopg.connect(admin_url) as db, path.open("w", encoding="utf-8") as file:
        rows = db.execute(
            "SELECT id, team_id, revision, type, task_id, actor_id, occurred_at, data FROM tasks.events "
            "WHERE revision >= %s LIMIT %s",
            (first_revision, count),
        )
        for event, team, revision, kind, task, actor, at, data in rows:
            envelope = {
                "specversion": "1.0", "id": str(event), "source": f"/teams/{team}", "type": kind, "subject": str(task),
                "time": at.isoformat(), "datacontenttype": "application/json", "teamid": str(team), "actorid": str(actor),
                "revision": str(revision), "traceparent": None, "data": data,
            }  # fmt: skip
            file.write(json.dumps(envelope) + "\n")
