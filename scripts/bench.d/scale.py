"""How latencies and plans change with the amount of data; see scripts/scale."""

import argparse
import random
import re
import statistics
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg

from capture import capture
from measure import Requests, send
from place import HERE, ROOT, Place, say, say_heading, stop_all, stop_on_signal
from report import machine
from seed import TASK, TEAM, USER, Size, email, fill, settle, uuid
from stack import Stack, request

SIZES = (Size(100, 100), Size(1_000, 1_000), Size(10_000, 1_000))
QUICK_SIZES = (Size(100, 100), Size(1_000, 100))
USERS = 100
TITLE = "Write down what was decided"


@dataclass(frozen=True)
class Kind:
    """A kind of request: how it is spelled, how often a second it is sent, which role's statement it is."""

    name: str
    method: str
    path: str
    rate: int
    body: bool = False
    role: str = "taskhub_tasks"


KINDS = (
    Kind("GET one task", "GET", "teams/{team}/tasks/{task}", 400),
    Kind("list of 50", "GET", "teams/{team}/tasks", 200),
    Kind("list of 50 by status", "GET", "teams/{team}/tasks?status=in_progress,blocked", 200),
    Kind("POST a task", "POST", "teams/{team}/tasks", 200, body=True),
    Kind("PATCH a task", "PATCH", "teams/{team}/tasks/{task}", 200, body=True),
    Kind("activity of a team", "GET", "teams/{team}/activity", 200),
    Kind("notifications", "GET", "notifications", 200, role="taskhub_worker"),
)


def of_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Database:
    """TaskHub with one amount of data, in a database of its own."""

    def __init__(self, place: Place, size: Size) -> None:
        self.place, self.size = place, size
        self.name = f"taskhub_{size.tasks}"
        self.url = of_database(place.admin_url, self.name)
        self.stack = Stack(place, self.name)
        # A list that is kept in memory says nothing of how much there is.
        self.stack.services["task-service"].environment["TASKHUB__LISTS__CACHE_MIB"] = "0"
        self.random = random.Random(1)
        self.latencies: dict[str, list[tuple[float, float]]] = {}
        self.plans: dict[str, str] = {}
        self.serial = 0

    def fill(self) -> None:
        with psycopg.connect(of_database(self.place.admin_url, "postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {self.name} TEMPLATE taskhub")
        started = time.monotonic()
        self.stack.start()
        owner = self.stack.register()
        self.stack.stop()
        fill(self.url, self.size, owner)
        self.seconds = time.monotonic() - started
        with psycopg.connect(self.url) as db:
            (self.bytes,) = db.execute("SELECT pg_database_size(current_database())").fetchone()
        say(f"{self.size.tasks:,} tasks in {self.size.teams:,} teams: {self.seconds:.0f} s, {self.bytes / 2**30:.1f} GiB")

    def __enter__(self) -> "Database":
        self.stack.start()
        self.tokens = self.stack.log_in([email(user) for user in range(min(USERS, self.size.users))])
        return self

    def __exit__(self, *_) -> None:
        self.stack.stop()

    def address(self, kind: Kind, user: int) -> str:
        team = self.size.team_of(user, self.random.randrange(8))
        task = self.size.task_of(team, self.random.randrange(self.size.tasks_of_a_team))
        return "/api/v1/" + kind.path.format(team=uuid(TEAM, team), task=uuid(TASK, task))

    def body(self, kind: Kind) -> dict | None:
        # Each another one, so that every PATCH is a change.
        self.serial += 1
        return {"title": f"{TITLE} {self.serial}"} if kind.body else None

    def measure(self, kind: Kind, seconds: float) -> None:
        requests = Requests(self.place.work / "scale.requests")
        for _ in range(round((seconds + 1) * kind.rate) + 1):
            user = self.random.randrange(len(self.tokens))
            requests.add(kind.method, self.address(kind, user), self.tokens[user], self.body(kind))
        done = send(self.place, self.stack.gateway, requests.write(), seconds, rate=kind.rate, warm_up=1)
        due = next(iter(done["answers"].values()))["due"]
        self.latencies.setdefault(kind.name, []).append((due["p50"] / 1000, due["p99"] / 1000))

    def explain(self, kind: Kind) -> None:
        """The plan that a connection which has been up for a while uses, run for one request's parameters."""
        user = uuid(USER, 3)

        def once() -> None:
            status, _, answer = request(
                self.stack.gateway, kind.method, self.address(kind, 3), self.tokens[3], self.body(kind)
            )
            if status >= 300:
                raise SystemExit(f"{kind.name}: {status} {answer.decode()}")

        seen = [it for it in capture(self.place.admin_url, self.place.postgres_log, kind.role, once) if user in it[1]]
        if len(seen) != 1:
            raise SystemExit(f"{kind.name} executes {len(seen)} statements, not one: {seen}")
        sql, values = seen[0]
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(b"PREPARE it AS " + sql.encode())
            for number in range(7):
                explain = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " if number == 6 else ""
                run = f"{explain}EXECUTE it({again(values)})"
                db.execute("BEGIN")
                rows = db.execute(run.encode()).fetchall()
                db.execute("ROLLBACK")
        self.plans[kind.name] = "\n".join(row[0] for row in rows)


def again(values: list[str | None]) -> str:
    """The parameters as literals for a request like that one: with new ids where it made some, since those are in use, and
    with another title, so that a PATCH changes something."""
    seeded = (USER[:8], TEAM[:8], TASK[:8])
    literals = []
    for value in values:
        if value is None:
            literals.append("NULL")
        elif re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) and not value.startswith(seeded):
            literals.append("gen_random_uuid()")
        elif value.startswith(TITLE):
            literals.append(f"'{TITLE} once more'")
        else:
            literals.append("'" + value.replace("'", "''") + "'")
    return ", ".join(literals)


def shape(plan: str) -> list[str]:
    """What a plan does, without how long it took."""
    return re.findall(r"(?:->|^|CTE|SubPlan) *([A-Z][A-Za-z ]+?(?: using \w+)?(?: on \w+)?)(?: \w+)?  ?\(actual", plan, re.M)


def table(databases: list[Database]) -> str:
    first, last = databases[0], databases[-1]
    head = "".join(f" {database.size.tasks:,}: p50 | p99 |" for database in databases)
    lines = [f"| request |{head} p99, largest to smallest |", "|---|" + "---|---|" * len(databases) + "---|"]
    for kind in KINDS:
        cells = "".join(f" {p50:.2f} ms | {p99:.2f} ms |" for p50, p99 in (median(it, kind.name) for it in databases))
        ratio = median(last, kind.name)[1] / median(first, kind.name)[1]
        lines.append(f"| {kind.name}, {kind.rate}/s |{cells} {ratio:.2f}{'' if ratio <= 1.5 else ' **not reached**'} |")
    return "\n".join(lines)


def median(database: Database, kind: str) -> tuple[float, float]:
    p50s, p99s = zip(*database.latencies[kind])
    return statistics.median(p50s), statistics.median(p99s)


def plans(databases: list[Database]) -> str:
    parts = []
    for kind in KINDS:
        largest = databases[-1].plans[kind.name]
        differs = [f"{it.size.tasks:,}" for it in databases[:-1] if shape(it.plans[kind.name]) != shape(largest)]
        note = f"At {' and '.join(differs)} tasks the plan is another." if differs else "The same at every size."
        parts.append(f"<details><summary>{kind.name}</summary>\n\n{note}\n\n```\n{largest}\n```\n\n</details>\n")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/scale")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    place = Place()
    stop_on_signal()
    rounds, seconds = (1, 3) if options.quick else (3, 4)
    databases = [Database(place, size) for size in (QUICK_SIZES if options.quick else SIZES)]
    try:
        say_heading("Data")
        for database in databases:
            database.fill()
            with database:
                for kind in KINDS:
                    database.explain(kind)
        for number in range(rounds):
            say_heading(f"Round {number + 1} of {rounds}")
            for database in databases:
                with database:
                    for kind in KINDS:
                        database.measure(kind, seconds)
                        p50, p99 = database.latencies[kind.name][-1]
                        say(f"{database.size.tasks:,} tasks, {kind.name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
                settle(database.url)
    finally:
        stop_all()
    say_heading("Results")
    print(table(databases))
    if options.quick:
        print(plans(databases))
        print("\n   docs/scale.md stays as it is: only a whole run writes it.")
        return
    text = (HERE / "scale.template.md").read_text()
    sizes = [
        f"| {it.size.tasks:,} | {it.size.teams:,} | {it.size.users:,} | {it.bytes / 2**30:.2f} GiB | {it.seconds:.0f} s |" for it in databases
    ]
    for name, value in {
        "machine": "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine(place) if name != "references")]),
        "sizes": "\n".join(["| tasks | teams | people | database | filled in |", "|---|---|---|---|---|", *sizes]),
        "results": table(databases), "plans": plans(databases), "rounds": str(rounds), "seconds": str(seconds),
        "users": str(USERS),
    }.items():  # fmt: skip
        text = text.replace("{{" + name + "}}", value)
    (ROOT / "docs/scale.md").write_text(text)
    print("\n   docs/scale.md is written.")


if __name__ == "__main__":
    sys.exit(main())
