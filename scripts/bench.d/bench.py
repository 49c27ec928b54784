"""Measures TaskHub and its references in turn; see scripts/bench for what this is for and how it is called."""

import argparse
import json
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psycopg

import report
from capture import capture, describe
from live import lags
from measure import Pgbench, Requests, per_second, send
from place import Place, say, say_heading, stop_all, stop_on_signal
from references import (
    BullMq, Celery, FastApi, Nginx, await_effects, drain, effects_per_second, events_as_jobs,
)  # fmt: skip
from seed import TASK, TEAM, USER, Size, email, fill, settle, uuid
from stack import SERVICES, Stack, request

CONNECTIONS = 64
STREAMS = 64
ROLE = "taskhub_tasks"


@dataclass(frozen=True)
class Pace:
    """How long everything takes."""

    rounds: int
    seconds: float
    open_seconds: float
    connection_counts: tuple[int, ...]
    starts: int
    users: int
    events: int
    celery_jobs: int
    bullmq_jobs: int


FULL = Pace(3, 5, 6, (4, 8, 16, 32), 3, 256, 50_000, 5_000, 20_000)
QUICK = Pace(1, 1.5, 2, (8, 32), 1, 64, 20_000, 1_500, 5_000)
SIZE = Size(teams=1000, tasks_of_a_team=100)


class MemoryWatch:
    """The most memory that the services had together, looked at twice a second."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self.most: dict[str, float] = {}
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            try:
                now = self._stack.memory_mib()
            except (OSError, AttributeError):
                continue  # One of them is being restarted.
            if len(now) == len(SERVICES) and sum(now.values()) > sum(self.most.values()):
                self.most = now

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


class Bench:
    def __init__(self, place: Place, pace: Pace, only: set[str], profile: bool = False) -> None:
        self.place, self.pace, self.only, self.profile = place, pace, only, profile
        self.stack = Stack(place)
        # contest -> contestant -> a figure for each round
        self.rates: dict[str, dict[str, list[float]]] = {}
        self.facts: dict[str, object] = {}
        self.random = random.Random(1)
        self.revision = 1_000_000_000
        self._files = 0

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only

    # Getting ready

    def prepare(self) -> None:
        say_heading("TaskHub")
        self.stack.start()
        time.sleep(1)
        self.facts["idle_mib"] = self.stack.memory_mib()
        say(f"just started: {sum(self.facts['idle_mib'].values()):.0f} MiB")
        started = time.monotonic()
        fill(self.place.admin_url, SIZE, self.stack.register())
        say(f"{SIZE.teams} teams with {SIZE.tasks_of_a_team} tasks each, {SIZE.users} people: {time.monotonic() - started:.0f} s")
        self.tokens = self.stack.log_in([email(user) for user in range(self.pace.users)])
        say(f"{len(self.tokens)} of them are logged in")
        if self.wants("start"):
            self.facts["start_ms"] = self.stack.start_times(self.pace.starts)
            say("ready after " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in self.facts["start_ms"].items()))
        if not self.wants_any("get", "create", "list", "gateway", "latency", "overload"):
            return
        with self.lists_not_kept():
            self.statements = self.capture_statements()
        database = self.stack.services["task-service"].database_url
        self.pgbench = {
            name: Pgbench(self.place, database, name, statement, SIZE, self.pace.users)
            for name, statement in self.statements.items()
        }
        say_heading("The references")
        statements = self.place.work / "statements.json"
        statements.write_text(json.dumps(self.statements))
        self.fastapi = FastApi(self.place, database, statements, self.stack.jwks())
        self.nginx = Nginx(self.place, self.stack.tasks, self.stack.jwks())
        self.fastapi.start()
        self.nginx.start()
        self.check_references()
        say("FastAPI and nginx give the same answers as TaskHub")

    def wants_any(self, *names: str) -> bool:
        return any(self.wants(name) for name in names)

    def lists_not_kept(self) -> AbstractContextManager[None]:
        """task-service without pages in memory, so that it reads each list."""
        return self.stack.services["task-service"].started_with(TASKHUB__LISTS__CACHE_MIB="0")

    def lists_read(self, requests: Requests) -> float:
        with self.lists_not_kept():
            return self.http(self.stack.gateway, requests)

    def capture_statements(self) -> dict[str, dict]:
        """The SQL of the requests that a reference runs too."""
        user, team, task = uuid(USER, 3), uuid(TEAM, 3), uuid(TASK, 3)
        known = {user: "user", team: "team", task: "task"}
        tasks = f"/api/v1/teams/{team}/tasks"
        body = {"title": "A title to find", "description": "A description to find", "status": "blocked", "priority": "urgent"}
        requests = {
            "get": ("GET", f"{tasks}/{task}", None),
            "list": ("GET", f"{tasks}?limit=50", None),
            "create": ("POST", tasks, body),
        }
        statements = {}
        for name, (method, path, content) in requests.items():

            def once() -> None:
                status, _, answer = request(self.stack.gateway, method, path, self.tokens[3], content)
                if status >= 300:
                    raise SystemExit(f"{method} {path} answered {status}: {answer.decode()}")

            seen = capture(self.place.admin_url, self.place.postgres_log, ROLE, once)
            # Waking the worker, which it does now and then for many requests at a time, isn't the request's.
            seen = [(sql, values) for sql, values in seen if user in values]
            if len(seen) != 1:
                raise SystemExit(f"{method} {path} executes {len(seen)} statements, not one: {seen}")
            roles = known | ({value: field for field, value in content.items()} if content else {})
            statements[name] = describe(self.place.admin_url, *seen[0], roles)
        return statements

    def check_references(self) -> None:
        """The same request must get the same answer everywhere."""
        team = uuid(TEAM, 5)
        for path in (f"/api/v1/teams/{team}/tasks/{uuid(TASK, 5)}", f"/api/v1/teams/{team}/tasks?limit=50"):
            ours, _, body = request(self.stack.gateway, "GET", path, self.tokens[5])
            expected = comparable(body)
            for port in (self.fastapi.port, self.nginx.proxy, self.nginx.auth, self.nginx.auth_cached):
                status, _, body = request(port, "GET", path, self.tokens[5])
                if (status, comparable(body)) != (ours, expected):
                    raise SystemExit(f"{path} differs on port {port}: {status} {body.decode()[:300]}, not {ours} {str(expected)[:300]}")
                status, _, _ = request(port, "GET", path, self.tokens[5][:-9] + "AAAAAAAAA")
                if status != 401:
                    raise SystemExit(f"{path} with a forged token answers {status} on port {port}")

    # Requests

    def requests(self, name: str, count: int = 16384) -> Requests:
        self._files += 1
        requests = Requests(self.place.work / f"{self._files}-{name}.requests")
        for _ in range(count):
            user = self.random.randrange(len(self.tokens))
            team = SIZE.team_of(user, self.random.randrange(8))
            tasks, token = f"/api/v1/teams/{uuid(TEAM, team)}/tasks", self.tokens[user]
            match name:
                case "get":
                    task = SIZE.task_of(team, self.random.randrange(SIZE.tasks_of_a_team))
                    requests.add("GET", f"{tasks}/{uuid(TASK, task)}", token)
                case "list":
                    requests.add("GET", f"{tasks}?limit=50", token)
                case "create":
                    requests.add("POST", tasks, token, {"title": "Write down what was decided", "priority": "high"})
                case "assign":
                    colleague = uuid(USER, (team + 0) % SIZE.users) if team != user else uuid(USER, (team - SIZE.step) % SIZE.users)
                    requests.add("POST", tasks, token, {"title": "Write down what was decided", "assignees": [colleague]})
        return requests.write()

    def conditional_requests(self) -> Requests:
        """A list for each team of some users, with the ETag that it has now."""
        requests = Requests(self.place.work / "conditional.requests")
        for user in range(min(64, len(self.tokens))):
            for k in range(8):
                path = f"/api/v1/teams/{uuid(TEAM, SIZE.team_of(user, k))}/tasks?limit=50"
                _, headers, _ = request(self.stack.gateway, "GET", path, self.tokens[user])
                requests.add("GET", path, self.tokens[user], headers=f"If-None-Match: {headers['ETag']}\r\n")
        return requests.write()

    # Contests

    def record(self, contest: str, contestant: str, rate: float) -> None:
        self.rates.setdefault(contest, {}).setdefault(contestant, []).append(rate)

    def median(self, contest: str, contestant: str) -> float:
        return statistics.median(self.rates[contest][contestant])

    def http(self, port: int, requests: Requests, **named) -> float:
        return per_second(send(self.place, port, requests, self.pace.seconds, connections=CONNECTIONS, **named))

    def contests(self) -> None:
        """All rounds, each with every contestant, so that whatever drifts meets all of them."""
        gateway, fastapi, nginx = self.stack.gateway, self.fastapi.port, self.nginx
        contests = {}
        if self.wants_any("get", "gateway"):
            get = self.requests("get")
            contests["get"] = {"taskhub": lambda: self.http(gateway, get)}
            if self.wants("get"):
                contests["get"] |= {
                    "pgbench": lambda: self.run_pgbench("get"),
                    "fastapi": lambda: self.http(fastapi, get),
                }
            if self.wants("gateway"):
                contests["get"] |= {
                    "nginx auth_request": lambda: self.http(nginx.auth, get),
                    "nginx auth_request, remembered": lambda: self.http(nginx.auth_cached, get),
                    "nginx proxy": lambda: self.http(nginx.proxy, get),
                    "task-service alone": lambda: self.http(self.stack.tasks, get),
                }
        if self.wants("list"):
            lists = self.requests("list")
            contests["list"] = {
                "taskhub": lambda: self.http(gateway, lists),
                "taskhub, each read": lambda: self.lists_read(lists),
                "taskhub, unchanged": lambda: self.http(gateway, self.conditional_requests(), expect="304"),
                "pgbench": lambda: self.run_pgbench("list"),
                "fastapi": lambda: self.http(fastapi, lists),
            }
        if self.wants("create"):
            create = self.requests("create")
            contests["create"] = {
                "taskhub": lambda: self.http(gateway, create),
                "pgbench": lambda: self.run_pgbench("create"),
                "fastapi": lambda: self.http(fastapi, create),
            }
        for contest in contests:
            self.find_pgbench_connections(contest)
        for number in range(self.pace.rounds):
            say_heading(f"Round {number + 1} of {self.pace.rounds}, requests a second at {CONNECTIONS} connections")
            for contest, contestants in contests.items():
                # Tickets that nobody takes would only slow down the next round, and a worker that takes them this one.
                if contest == "create":
                    self.stack.worker.stop()
                order = list(contestants)
                for contestant in order if number % 2 == 0 else reversed(order):
                    with self.profiled(f"{contest}-{contestant}") if self.profile else nullcontext():
                        self.record(contest, contestant, contestants[contestant]())
                    say(f"{contest}: {contestant} {self.rates[contest][contestant][-1]:,.0f}")
                if contest == "create":
                    self.tidy()
                    self.stack.worker.start()

    @contextmanager
    def profiled(self, name: str) -> Iterator[None]:
        """Leaves in the logs where both cores spend their time meanwhile."""
        data, text = self.place.work / "perf.data", self.place.logs / f"profile-{name.replace(' ', '-')}.txt"
        perf = subprocess.Popen(["perf", "record", "-a", "-g", "-F", "499", "-o", data], stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            perf.send_signal(signal.SIGINT)
            perf.wait()
        sorts = ([], ["--sort", "comm"]), ([], ["--sort", "comm,dso"]), ([], ["--sort", "comm,symbol"]), (["--children"], ["--sort", "comm,symbol"])
        with text.open("w") as out:
            for children, sort in sorts:
                command = ["perf", "report", "-i", data, "-g", "none", "--percent-limit", "0.3", *(children or ["--no-children"]), *sort]
                subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, check=False)

    def find_pgbench_connections(self, contest: str) -> None:
        if contest == "get" and not self.wants("get"):
            return
        if contest == "create":
            self.stack.worker.stop()
        pgbench = self.pgbench[contest]
        rates = pgbench.find_connections(2 if self.pace is FULL else 1, self.pace.connection_counts)
        say(f"pgbench, {contest}: " + ", ".join(f"{rate:,.0f} at {count}" for count, rate in rates.items()))
        self.facts.setdefault("pgbench_connections", {})[contest] = pgbench.connections
        if contest == "create":
            self.tidy()
            self.stack.worker.start()

    def run_pgbench(self, contest: str) -> float:
        pgbench = self.pgbench[contest]
        return pgbench.run(self.pace.seconds, pgbench.connections)

    def tidy(self) -> None:
        with psycopg.connect(self.place.admin_url, autocommit=True) as db:
            db.execute("TRUNCATE tasks.outbox")
        settle(self.place.admin_url)

    # Events

    def events(self) -> None:
        database = self.stack.worker.database_url
        queues = {
            "celery": (Celery(self.place, database), self.pace.celery_jobs),
            "bullmq": (BullMq(self.place, database), self.pace.bullmq_jobs),
        }
        rounds = max(1, self.pace.rounds - 2)
        for number in range(rounds):
            say_heading(f"Round {number + 1} of {rounds}, events with an effect a second")
            self.stack.worker.stop()
            self.tidy()
            first = self.add_events(self.pace.events)
            self.stack.worker.start()
            await_effects(self.place.admin_url, first, self.pace.events, self.stack.worker.check)
            self.record("events", "taskhub", effects_per_second(self.place.admin_url, first))
            say(f"taskhub {self.rates['events']['taskhub'][-1]:,.0f}")
            self.forget_effects(first)
            self.stack.worker.stop()
            for name, (queue, count) in queues.items():
                jobs = self.place.work / f"{name}.jobs"
                events_as_jobs(self.place.admin_url, first, count, jobs)
                self.record("events", name, drain(queue, self.place.admin_url, jobs, first, count))
                say(f"{name} {self.rates['events'][name][-1]:,.0f}")
                self.forget_effects(first)
            self.forget_events()
            self.stack.worker.start()
        self.events_beside_writes()

    def add_events(self, count: int) -> int:
        """Events, each of which tells one person something, with their tickets; the first revision among them."""
        self.revision += 1_000_000
        with psycopg.connect(self.place.admin_url) as db:
            db.execute(
                f"""WITH made AS (
                        INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, data)
                        SELECT e.team_id, %(first)s + n / {SIZE.teams}, gen_random_uuid(), e.type, e.task_id, e.actor_id,
                               jsonb_set(e.data, '{{task,assignees}}', jsonb_build_array(m.user_id))
                        FROM generate_series(0, %(count)s - 1) n
                        JOIN tasks.events e ON e.team_id = ('{TEAM}' || lpad(to_hex(n %% {SIZE.teams}), 12, '0'))::uuid
                             AND e.revision = 1
                        JOIN LATERAL (SELECT m.user_id FROM identity.members m
                                      WHERE m.team_id = e.team_id AND m.user_id <> e.actor_id LIMIT 1) m ON true
                        RETURNING team_id, revision)
                    INSERT INTO tasks.outbox (team_id, revision) SELECT team_id, revision FROM made ORDER BY revision""",
                {"first": self.revision, "count": count},
            )
        settle(self.place.admin_url)
        return self.revision

    def forget_effects(self, first: int) -> None:
        with psycopg.connect(self.place.admin_url, autocommit=True) as db:
            db.execute("DELETE FROM delivery.notifications WHERE revision >= %s", (first,))
        settle(self.place.admin_url)

    def forget_events(self) -> None:
        """The logs have no gap again, as live streams expect them."""
        with psycopg.connect(self.place.admin_url, autocommit=True) as db:
            db.execute("DELETE FROM tasks.events WHERE revision >= 1000000000")
        settle(self.place.admin_url)

    def events_beside_writes(self) -> None:
        """Tasks are made, each of which tells somebody, while the worker is at work: whether it keeps up."""
        self.tidy()
        requests = self.requests("assign")
        with psycopg.connect(self.place.admin_url, autocommit=True) as db:
            count = "SELECT count(*) FROM delivery.notifications"
            (before,) = db.execute(count).fetchone()
            seconds = self.pace.seconds
            writes = per_second(send(self.place, self.stack.gateway, requests, seconds, warm_up=0))
            (during,) = db.execute(count).fetchone()
            started = time.perf_counter()
            while db.execute("SELECT EXISTS (SELECT FROM tasks.outbox)").fetchone()[0] and time.perf_counter() - started < 60:
                time.sleep(0.01)
            behind = time.perf_counter() - started
        self.facts["beside_writes"] = {"writes": writes, "effects": (during - before) / seconds, "behind_s": behind}
        say(f"while tasks are made: {writes:,.0f} tasks/s, {(during - before) / seconds:,.0f} effects/s, {behind:.2f} s behind at the end")

    # Latencies and overload

    def latencies(self) -> None:
        """At rates that a server can keep up with; the latency of a request counts from when it was due."""
        say_heading("Latencies in an open loop")
        rows = []
        for name, label in (("get", "GET one task"), ("list", "list of 50"), ("create", "POST a task")):
            requests = self.requests(name)
            best = self.best(name, "taskhub", self.stack.gateway, requests)
            slow = self.best(name, "fastapi", self.fastapi.port, requests)
            for server, port, rate in (
                ("TaskHub, at half of its best rate", self.stack.gateway, best / 2),
                ("TaskHub, at the rate of the next line", self.stack.gateway, slow / 2),
                ("FastAPI, at half of its best rate", self.fastapi.port, slow / 2),
            ):
                done = send(self.place, port, requests, self.pace.open_seconds, rate=rate, warm_up=1)
                due = next(iter(done["answers"].values()))["due"]
                rows.append([label, server, rate, due["p50"], due["p99"], due["p999"], due["max"]])
                say(f"{label}, {server} ({rate:,.0f}/s): p50 {due['p50'] / 1000:.2f} ms, p99 {due['p99'] / 1000:.2f} ms")
            self.tidy()
        self.facts["latencies"] = rows

    def live(self) -> None:
        """How soon another client has a change on its stream, while tasks are made at half of the best rate."""
        say_heading("Live streams")
        requests = self.requests("create")
        rate = self.best("create", "taskhub", self.stack.gateway, requests) / 2
        watchers = [(uuid(TEAM, SIZE.team_of(user, 0)), self.tokens[user]) for user in range(min(STREAMS, len(self.tokens)))]
        load = Thread(target=lambda: send(self.place, self.stack.gateway, requests, 2 * self.pace.open_seconds, rate=rate, warm_up=1))
        load.start()
        time.sleep(1)
        tasks = f"/api/v1/teams/{watchers[0][0]}/tasks"
        took = sorted(lags(self.stack.gateway, watchers, tasks, self.tokens[0], 0.02, lambda: not load.is_alive()))
        self.facts["live"] = {
            "rate": rate, "streams": len(watchers), "count": len(took),
            "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "max": took[-1],
        }  # fmt: skip
        say(json.dumps(self.facts["live"]))
        self.tidy()

    def best(self, contest: str, contestant: str, port: int, requests: Requests) -> float:
        if contestant in self.rates.get(contest, {}):
            return self.median(contest, contestant)
        return self.http(port, requests)

    def overload(self) -> None:
        """Ten times as many requests as the gateway serves at best, from ten times the connections, none of them patient."""
        say_heading("Ten times too much")
        rows = {}
        for name, label in (("get", "GET one task"), ("create", "POST a task")):
            requests = self.requests(name)
            best = statistics.median(self.http(self.stack.gateway, requests) for _ in range(min(3, self.pace.rounds)))
            rows[label] = {"best": best}
            for kind, rate, flags in (("flood", best * 10, ("--flood",)), ("patient", 0, ("--patient",))):
                done = send(
                    self.place, self.stack.gateway, requests, self.pace.open_seconds, connections=CONNECTIONS * 10,
                    rate=rate, flags=flags, warm_up=1, expect=None,
                )  # fmt: skip
                good = [each for status, each in done["answers"].items() if status.startswith("2")]
                refused = [each for status, each in done["answers"].items() if status in ("429", "503")]
                others = {status: each["count"] for status, each in done["answers"].items() if status[0] not in "2" and status not in ("429", "503")}
                rows[label][kind] = {
                    "good": sum(each["per_second"] for each in good),
                    "good_p99_ms": max((each["sent"]["p99"] for each in good), default=0) / 1000,
                    "refused": sum(each["per_second"] for each in refused),
                    "refused_p99_ms": max((each["sent"]["p99"] for each in refused), default=0) / 1000,
                    "others": others, "lost": done["lost"],
                }  # fmt: skip
                say(f"{label}, {kind}: {json.dumps(rows[label][kind])} of {best:,.0f}")
            self.tidy()
        self.facts["overload"] = rows

    def run(self) -> None:
        self.prepare()
        memory = MemoryWatch(self.stack)
        if self.wants_any("get", "create", "list", "gateway"):
            self.contests()
        if self.wants("events"):
            self.events()
        if self.wants("latency"):
            self.latencies()
        if self.wants("live"):
            self.live()
        if self.wants("overload"):
            self.overload()
        memory.stop()
        self.facts["load_mib"] = memory.most


def comparable(body: bytes) -> object:
    """An answer without what may differ: the page's cursor is each server's own, and a moment has several spellings."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items() if name != "next_cursor"}
        if isinstance(value, list):
            return [plain(each) for each in value]
        if isinstance(value, str) and value[4:5] == "-" and value.endswith("Z"):
            return value[:19]
        return value

    try:
        return plain(json.loads(body))
    except ValueError:
        return body


NAMES = ("get", "create", "list", "gateway", "events", "latency", "live", "overload", "start")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=NAMES, default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    place = Place()
    stop_on_signal()
    bench = Bench(place, QUICK if options.quick else FULL, set(options.only), options.profile)
    try:
        bench.run()
    finally:
        stop_all()
    results = report.Results(bench.rates, bench.facts, SIZE, bench.pace, report.machine(place))
    say_heading("Results")
    print(results.table())
    if options.json:
        options.json.write_text(json.dumps({"rates": bench.rates, "facts": bench.facts}, indent=1))
    if options.quick or options.only:
        print("\n   docs/benchmarks.md stays as it is: only a whole run writes it.")
    else:
        results.write()
        print("\n   docs/benchmarks.md is written.")


if __name__ == "__main__":
    sys.exit(main())
