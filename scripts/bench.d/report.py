"""What was measured, as a table and as docs/benchmarks.md."""

import os
import re
import statistics
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psycopg

from place import HERE, ROOT, Place
from seed import Size


@dataclass(frozen=True)
class Row:
    what: str
    ours: str
    against: str
    figure: float
    shown: str
    target: str
    reached: bool | None


def machine(place: Place) -> list[tuple[str, str]]:
    """What it was measured on."""

    def output(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    with psycopg.connect(place.admin_url) as db:
        (postgres,) = db.execute("SHOW server_version").fetchone()
    nginx = subprocess.run([place.nginx, "-v"], capture_output=True, text=True, check=False).stderr if place.nginx else ""
    facts = [
        ("when", time.strftime("%Y-%m-%d")),
        ("processor", f"{cpu[1] if cpu else os.uname().machine}, {os.cpu_count()} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("kernel", f"{os.uname().sysname} {os.uname().release}"),
        ("PostgreSQL", f"{postgres}, every commit flushed, otherwise as it comes"),
        ("flushes", flushes(place)),
        ("Redis", re.sub(r".*v=(\S+).*", r"\1", output("redis-server", "--version"))),
        ("references", ", ".join([
            *(f"{name} {version(name)}" for name in ("fastapi", "uvicorn", "asyncpg", "celery")),
            f"bullmq {bullmq()} on Node {output('node', '--version')}", nginx.strip().replace("nginx version: ", ""),
        ])),
    ]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def bullmq() -> str:
    return re.search(r'"bullmq": "([^"]+)"', (HERE / "references/package.json").read_text())[1]


def flushes(place: Place) -> str:
    """How often a second the disk takes an 8 KiB write for good."""
    file = place.work / "flush-test"
    program = place.postgres_bin / "pg_test_fsync"
    if not program.exists():
        return ""
    done = subprocess.run([program, "-s", "1", "-f", file], capture_output=True, text=True, check=False).stdout
    found = re.search(r"fdatasync\s+([0-9.]+) ops/sec", done)
    return f"{float(found[1]):,.0f} a second, one after another (fdatasync, 8 KiB)" if found else ""


@dataclass(frozen=True)
class Results:
    rates: dict
    facts: dict
    size: Size
    pace: object
    machine: list[tuple[str, str]]

    def median(self, contest: str, contestant: str) -> float | None:
        figures = self.rates.get(contest, {}).get(contestant)
        return statistics.median(figures) if figures else None

    def rows(self) -> list[Row]:
        rows = []

        def ratio(what: str, ours: tuple[str, str], reference: tuple[str, str], label: str, target: float) -> None:
            a, b = self.median(*ours), self.median(*reference)
            if a and b:
                quotients = [x / y for x, y in zip(self.rates[ours[0]][ours[1]], self.rates[reference[0]][reference[1]])]
                spread = f" ({min(quotients):.2f} to {max(quotients):.2f})" if len(quotients) > 1 else ""
                rows.append(Row(what, f"{a:,.0f}/s", f"{label}: {b:,.0f}/s", a / b, f"{a / b:.2f} ×{spread}", f"≥ {target:g} ×", a / b >= target))

        def bound(what: str, figure: float, unit: str, limit: float, note: str = "") -> None:
            rows.append(Row(what, f"{figure:,.0f} {unit}", note, figure, f"{figure:,.0f} {unit}", f"≤ {limit:g} {unit}", figure <= limit))

        connections = self.facts.get("pgbench_connections", {})
        pgbench = {name: f"pgbench on its SQL, {count} connections" for name, count in connections.items()}
        ratio("`GET` one task through the gateway", ("get", "taskhub"), ("get", "pgbench"), pgbench.get("get", ""), 0.5)
        ratio("`POST` a task with its event, durable", ("create", "taskhub"), ("create", "pgbench"), pgbench.get("create", ""), 0.7)
        ratio("list of 50 tasks", ("list", "taskhub"), ("list", "fastapi"), "FastAPI", 10)
        ratio("`GET` one task", ("get", "taskhub"), ("get", "fastapi"), "FastAPI", 8)
        ratio("`POST` a task", ("create", "taskhub"), ("create", "fastapi"), "FastAPI", 2.2)
        ratio("gateway before task-service", ("get", "taskhub"), ("get", "nginx auth_request"), "nginx with `auth_request`", 1.5)
        ratio("gateway before task-service", ("get", "taskhub"), ("get", "nginx proxy"), "nginx that only proxies", 0.8)
        ratio("conditional list, nothing changed", ("list", "taskhub, unchanged"), ("list", "taskhub, each read"), "the full list, read from PostgreSQL", 3)
        ratio("conditional list, nothing changed", ("list", "taskhub, unchanged"), ("list", "taskhub"), "the full list, from memory", 3)
        ratio("events with an effect in PostgreSQL", ("events", "taskhub"), ("events", "celery"), "Celery", 10)
        ratio("events with an effect in PostgreSQL", ("events", "taskhub"), ("events", "bullmq"), "BullMQ", 3)
        if live := self.facts.get("live"):
            note = f"p50 {live['p50']:.1f} ms, longest {live['max']:.1f} ms; {live['count']} changes beside {live['rate']:,.0f} POST/s, {live['streams']} streams"
            bound("a change at another client's stream, at half load: p99", live["p99"], "ms", 50, note)
        for label, overload in self.facts.get("overload", {}).items():
            flood, best = overload["flood"], overload["best"]
            share = flood["good"] / best
            rows.append(Row(f"overload of ten times, {label}: goodput", f"{flood['good']:,.0f}/s", f"best rate: {best:,.0f}/s", share, f"{share:.2f} ×", "≥ 0.9 ×", share >= 0.9))
            late = flood["refused_p99_ms"]
            reached = late < 50 and not flood["others"] and not flood["lost"] and flood["refused"] > 0
            shown = f"{late:.1f} ms" if flood["refused"] else "none was refused"
            rows.append(Row(f"overload of ten times, {label}: p99 of the refused", shown, f"{flood['refused']:,.0f}/s refused", late, shown, "< 50 ms", reached))
        for name, taken in self.facts.get("start_ms", {}).items():
            bound(f"start to ready, {name}", taken, "ms", 300)
        if self.facts.get("idle_mib"):
            bound("memory of the four services, idle", sum(self.facts["idle_mib"].values()), "MiB", 60, each_mib(self.facts["idle_mib"]))
        if self.facts.get("load_mib"):
            bound("memory of the four services, under load", sum(self.facts["load_mib"].values()), "MiB", 200, each_mib(self.facts["load_mib"]))
        return rows

    def table(self) -> str:
        lines = ["| what | TaskHub | against | result | to reach | reached |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {row.what} | {row.ours} | {row.against} | {row.shown} | {row.target} | {'yes' if row.reached else '**no**'} |"
            for row in self.rows()
        ]
        return "\n".join(lines)

    def all_rates(self) -> str:
        lines = ["| contest | contestant | median | lowest | highest |", "|---|---|---|---|---|"]
        for contest, contestants in self.rates.items():
            for name, figures in contestants.items():
                lines.append(f"| {contest} | {name} | {statistics.median(figures):,.0f}/s | {min(figures):,.0f} | {max(figures):,.0f} |")
        return "\n".join(lines)

    def latencies(self) -> str:
        lines = ["| request | server | rate | p50 | p99 | p99.9 | longest |", "|---|---|---|---|---|---|---|"]
        for label, server, rate, *times in self.facts.get("latencies", []):
            lines.append(f"| {label} | {server} | {rate:,.0f}/s | " + " | ".join(f"{time / 1000:.2f} ms" for time in times) + " |")
        return "\n".join(lines)

    def overload(self) -> str:
        lines = ["| request | clients | answered | of the best rate | p99 | refused | p99 of those | other answers, lost |", "|---|---|---|---|---|---|---|---|"]
        for label, overload in self.facts.get("overload", {}).items():
            for kind, clients in (("flood", "ten times the rate, never pausing"), ("patient", "640 that wait as `Retry-After` says")):
                it = overload[kind]
                lines.append(
                    f"| {label} | {clients} | {it['good']:,.0f}/s | {it['good'] / overload['best']:.2f} | {it['good_p99_ms']:.0f} ms | "
                    f"{it['refused']:,.0f}/s | {it['refused_p99_ms']:.1f} ms | {sum(it['others'].values())}, {it['lost']} |"
                )
        return "\n".join(lines)

    def beside_writes(self) -> str:
        it = self.facts.get("beside_writes")
        if not it:
            return ""
        return (
            f"While tasks were made at {it['writes']:,.0f}/s, each of which tells somebody, the worker made {it['effects']:,.0f} "
            f"effects a second on the same two cores; the last was there {it['behind_s']:.2f} s after the last request."
        )

    def write(self) -> None:
        text = (HERE / "benchmarks.template.md").read_text()
        tried = HERE / "tried.md"
        for name, value in {
            "machine": "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in self.machine)]),
            "results": self.table(), "rates": self.all_rates(), "latencies": self.latencies(), "overload": self.overload(),
            "beside_writes": self.beside_writes(), "rounds": str(self.pace.rounds), "seconds": f"{self.pace.seconds:g}",
            "teams": f"{self.size.teams:,}", "tasks": f"{self.size.tasks:,}", "users": str(self.pace.users),
            "tried": tried.read_text().strip() if tried.exists() else "Nothing is noted yet.",
        }.items():  # fmt: skip
            text = text.replace("{{" + name + "}}", value)
        (ROOT / "docs/benchmarks.md").write_text(text)


def each_mib(memory: dict[str, float]) -> str:
    return "PSS: " + ", ".join(f"{name} {mib:.0f}" for name, mib in memory.items())
