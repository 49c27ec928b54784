"""What scripts/bench.d/prepare.sh got ready, and a few things everybody here needs."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

HERE = Path(__file__).resolve().parent
REFERENCES = HERE / "references"
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Place:
    """Where the servers, the programs and the logs of this run are."""

    admin_url: str = os.environ["BENCH_ADMIN_URL"]
    redis_url: str = os.environ["BENCH_REDIS_URL"]
    services: Path = Path(os.environ["BENCH_BIN_DIR"])
    environments: Path = Path(os.environ["BENCH_ENVIRONMENTS"])
    logs: Path = Path(os.environ["BENCH_LOG_DIR"])
    work: Path = Path(os.environ["BENCH_WORK_DIR"])
    load: str = os.environ["BENCH_LOAD"]
    verifier: str = os.environ["BENCH_VERIFIER"]
    postgres_bin: Path = Path(os.environ["BENCH_POSTGRES_BIN"])
    postgres_log: Path = Path(os.environ["BENCH_POSTGRES_LOG"])
    python_bin: Path = Path(os.environ["BENCH_PYTHON_BIN"])
    nginx: str = os.environ.get("BENCH_NGINX", "")
    node_modules: str = os.environ.get("BENCH_NODE_MODULES", "")

    def redis_database(self, number: int) -> str:
        """The same Redis, another database: a reference shares the server with the worker, but no keys."""
        return urlunsplit(urlsplit(self.redis_url)._replace(path=f"/{number}"))


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class Process:
    """A process of this run; it doesn't outlive it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    stdin: bytes | None = None
    child: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **self.environment},
                stdin=subprocess.PIPE if self.stdin is not None else subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.log.parent, start_new_session=True,
            )  # fmt: skip
        RUNNING.append(self)
        if self.stdin is not None:
            self.child.stdin.write(self.stdin)
            self.child.stdin.close()

    def check(self) -> None:
        """Complains when it has ended by itself."""
        if self.child.poll() is not None:
            end = self.log.read_text(errors="replace").splitlines()[-15:]
            raise SystemExit("\n".join([f"{self.name} stopped by itself; the end of its log:", *end]))

    def stop(self) -> None:
        if self.child is None:
            return
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        self.child = None
        RUNNING.remove(self)


RUNNING: list[Process] = []


def stop_all() -> None:
    for process in reversed(RUNNING.copy()):
        process.stop()


def stop_on_signal() -> None:
    """SIGTERM ends the run as an error does: what it has started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def say_heading(text: str) -> None:
    print(f"\n── {text}", flush=True)


def say(text: str) -> None:
    print(f"   {text}", flush=True)
