"""TaskHub's four services as this run starts them: the release build with its own defaults."""

import http.client
import json
import socket
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from place import Place, Process

SERVICES = ("auth-service", "task-service", "worker", "api-gateway")
DATABASE = "TASKHUB__DATABASE__URL"
PASSWORD = "benchmarks for everyone"


def request(port: int, method: str, path: str, token: str = "", body: object = None, headers: dict | None = None):
    """One request: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = dict(headers or {})
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def must(*arguments, **named):
    """One request that has to succeed: its body as JSON."""
    status, _, content = request(*arguments, **named)
    if status >= 300:
        raise SystemExit(f"{arguments[1]} {arguments[2]} answered {status}: {content.decode(errors='replace')}")
    return json.loads(content) if content else None


class Service:
    def __init__(self, place: Place, name: str, database: str) -> None:
        lines = (place.environments / name).read_text().split("\0")
        self.environment = dict(line.split("=", 1) for line in lines if line)
        if url := self.environment.get(DATABASE):
            self.environment[DATABASE] = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
        self.name = name
        self.port = int(self.environment["TASKHUB__HTTP__PORT"])
        self._process = Process(name, [str(place.services / name), "serve"], self.environment, place.logs / f"{name}.log")

    def start(self) -> float:
        """Starts it and waits until it's ready: how long that took, in milliseconds."""
        started = time.perf_counter()
        self._process.start()
        while not self._ready():
            self._process.check()
            if time.perf_counter() - started > 60:
                raise SystemExit(f"{self.name} isn't ready after a minute")
            time.sleep(0.001)
        return (time.perf_counter() - started) * 1000

    def _ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def stop(self) -> None:
        self._process.stop()

    @contextmanager
    def started_with(self, **settings: str) -> Iterator[None]:
        """Runs it with other settings for a while."""
        before = dict(self.environment)
        try:
            self.stop()
            self.environment.update(settings)
            self.start()
            yield
        finally:
            self.stop()
            self.environment.clear()
            self.environment.update(before)
            self.start()

    def check(self) -> None:
        self._process.check()

    @property
    def database_url(self) -> str:
        """Of the service's own role."""
        return self.environment[DATABASE]

    @property
    def runs(self) -> bool:
        return self._process.child is not None

    def memory_mib(self) -> float:
        """Resident memory: PSS, where a page that several processes share counts once in all."""
        with open(f"/proc/{self._process.child.pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


class Stack:
    def __init__(self, place: Place, database: str = "taskhub") -> None:
        self.services = {name: Service(place, name, database) for name in SERVICES}
        self.gateway = self.services["api-gateway"].port
        self.auth = self.services["auth-service"].port
        self.tasks = self.services["task-service"].port
        self.worker = self.services["worker"]

    def start(self) -> None:
        for service in self.services.values():
            service.start()

    def stop(self) -> None:
        for service in reversed(self.services.values()):
            service.stop()

    def start_times(self, times: int) -> dict[str, float]:
        """How long each takes from start to ready while the others run, in milliseconds: the median."""
        taken = {}
        for name, service in self.services.items():
            each = []
            for _ in range(times):
                service.stop()
                each.append(service.start())
            taken[name] = statistics.median(each)
        return taken

    def memory_mib(self) -> dict[str, float]:
        return {name: service.memory_mib() for name, service in self.services.items() if service.runs}

    def register(self) -> str:
        """Makes a user, whose password the seeded ones will share; gives the user's id."""
        body = {"email": f"seed{time.time_ns()}@bench.example", "password": PASSWORD, "name": "Seed"}
        return must(self.auth, "POST", "/api/v1/auth/register", body=body)["user"]["id"]

    def log_in(self, emails: list[str]) -> list[str]:
        """Their access tokens."""

        def token(email: str) -> str:
            return must(self.auth, "POST", "/api/v1/auth/login", body={"email": email, "password": PASSWORD})["access_token"]

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(token, emails))

    def jwks(self) -> str:
        return json.dumps(must(self.auth, "GET", "/.well-known/jwks.json"))
