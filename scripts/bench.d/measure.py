"""The two generators of load: ours for HTTP, and pgbench."""

import json
import os
import re
import struct
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from capture import rewrite
from place import Place
from seed import TASK, TEAM, USER, Size, uuid_sql

# The v7 UUIDs that pgbench makes; as cheap as one gets them in SQL, and in order of time like TaskHub's.
NEW_ID = (
    "(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7000' || '8' || "
    "lpad(to_hex((:random{})::bigint), 15, '0'))::uuid"
)


class Requests:
    """A file of HTTP requests for the generator."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts: list[bytes] = []

    def add(self, method: str, path: str, token: str, body: object = None, headers: str = "") -> None:
        content = json.dumps(body).encode() if body is not None else b""
        if body is not None:
            headers += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{headers}\r\n"
        self._parts.append(head.encode() + content)

    def write(self) -> "Requests":
        self.path.write_bytes(b"".join(struct.pack("<I", len(part)) + part for part in self._parts))
        return self


def send(
    place: Place, port: int, requests: Requests, seconds: float, *, connections: int = 64, warm_up: float = 0.5,
    rate: float = 0, flags: tuple[str, ...] = (), expect: str | None = "2",
) -> dict:  # fmt: skip
    """What the generator reports. All answers must have a status that begins with `expect`, and none may be missing."""
    command = [
        place.load, "--address", f"127.0.0.1:{port}", "--requests", str(requests.path), "--connections", str(connections),
        "--seconds", str(seconds), "--warm-up", str(warm_up), "--rate", str(rate), *flags,
    ]  # fmt: skip
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if expect is not None:
        wrong = {status: each["count"] for status, each in report["answers"].items() if not status.startswith(expect)}
        if wrong or report["lost"] or not report["answers"]:
            raise SystemExit(f"{requests.path.name} on port {port}: wrong answers {wrong}, {report['lost']} lost")
    return report


def per_second(report: dict) -> float:
    return sum(each["per_second"] for each in report["answers"].values())


class Pgbench:
    """pgbench running a request's SQL, prepared, with a random user, team and task each time."""

    def __init__(self, place: Place, role_url: str, name: str, statement: dict, size: Size, users: int) -> None:
        self._place = place
        self._url = urlsplit(role_url)
        self._script = place.work / f"{name}.pgbench"
        self._defines: list[str] = []
        self.connections: int | None = None
        new_ids = 0

        def parameter(number: int, it: dict) -> str:
            nonlocal new_ids
            match it["role"]:
                case "user":
                    return uuid_sql(USER, ":user")
                case "team":
                    return uuid_sql(TEAM, ":team")
                case "task":
                    return uuid_sql(TASK, ":task")
                case "new_id":
                    new_ids += 1
                    return NEW_ID.format(new_ids)
            if it["text"] is None:
                return f"NULL::{it['type']}"
            return f"(:p{number})::{it['type']}"

        sql = rewrite(statement, parameter, hide_colons)
        for number, it in enumerate(statement["parameters"]):
            if it["text"] is not None and it["role"] not in ("user", "team", "task", "new_id"):
                self._defines += ["-D", f"p{number}={it['text']}"]
        lines = [
            f"\\set user random(0, {users - 1})",
            f"\\set team (:user + random(0, 7) * {size.step}) % {size.teams}",
            f"\\set task :team + random(0, {size.tasks_of_a_team - 1}) * {size.teams}",
            *(f"\\set random{number} random(0, {2**60 - 1})" for number in range(1, new_ids + 1)),
            sql + ";",
        ]
        self._script.write_text("\n".join(lines) + "\n")

    def run(self, seconds: float, connections: int) -> float:
        """Transactions a second."""
        url = self._url
        command = [
            str(self._place.postgres_bin / "pgbench"), "-h", url.hostname, "-p", str(url.port), "-U", url.username, "-n",
            "-M", "prepared", "-f", str(self._script), "-c", str(connections), "-j", str(min(2, connections)),
            "-T", str(max(1, round(seconds))), *self._defines, url.path.lstrip("/"),
        ]  # fmt: skip
        environment = {**os.environ, "PGPASSWORD": url.password or ""}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
        if done.returncode or re.search(r"number of failed transactions: [1-9]", done.stdout):
            raise SystemExit(f"pgbench failed: {done.stdout}\n{done.stderr}")
        # Without any transaction it names no rate.
        return float(found[1]) if found else 0.0

    def find_connections(self, seconds: float, counts: tuple[int, ...]) -> dict[int, float]:
        """Tries each count and keeps the one that serves pgbench best."""
        rates = {count: self.run(seconds, count) for count in counts}
        self.connections = max(rates, key=rates.get)
        return rates


def hide_colons(string: str) -> str:
    """pgbench would take `:MI` in a string for a variable of its own."""
    if not re.search(r":\w", string):
        return string
    return "E" + string.replace("\\", "\\\\").replace(":", "\\x3a")
