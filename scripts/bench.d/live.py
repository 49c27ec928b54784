"""How soon a change is at another client's live stream."""

import re
import selectors
import socket
import time
from collections.abc import Callable
from threading import Thread

from stack import must


class Streams:
    """Live streams of several teams. Whatever comes is read; of the first stream, when each number was seen."""

    def __init__(self, port: int, watchers: list[tuple[str, str]], marker: str) -> None:
        """`watchers`: team and token of each. The numbers are what follows `marker` in an event."""
        self._pattern = re.compile(marker.encode() + rb"(\d+)")
        self._selector = selectors.DefaultSelector()
        self._sockets = []
        self._rest = b""
        self.seen: dict[int, float] = {}
        self.lost = 0
        for team, token in watchers:
            connection = socket.create_connection(("127.0.0.1", port), 10)
            head = f"GET /api/v1/teams/{team}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
            connection.sendall(head.encode())
            begin = b""
            while b"event: ready" not in begin:
                part = connection.recv(4096)
                if not part:
                    raise SystemExit(f"the stream of team {team} ended: {begin.decode(errors='replace')}")
                begin += part
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ, data=not self._sockets)
            self._sockets.append(connection)
        self._thread = Thread(target=self._read, daemon=True)
        self._open = True
        self._thread.start()

    def _read(self) -> None:
        while self._open:
            for key, _ in self._selector.select(0.2):
                part = key.fileobj.recv(65536)
                now = time.perf_counter()
                if not part:
                    self._selector.unregister(key.fileobj)
                    self.lost += 1
                elif key.data:
                    *lines, self._rest = (self._rest + part).split(b"\n")
                    for line in lines:
                        if found := self._pattern.search(line):
                            self.seen.setdefault(int(found[1]), now)

    def close(self) -> None:
        self._open = False
        self._thread.join()
        for connection in self._sockets:
            connection.close()


def lags(gateway: int, watchers: list[tuple[str, str]], tasks: str, token: str, each: float, until: Callable[[], bool]) -> list[float]:
    """Makes a task every `each` seconds until `until` says so, and gives how long after its request began each was at the
    first stream, in milliseconds. One that never came counts as a minute."""
    marker = "Probe number "
    streams, began = Streams(gateway, watchers, marker), {}
    try:
        while not until():
            number = len(began)
            began[number] = time.perf_counter()
            must(gateway, "POST", tasks, token, {"title": f"{marker}{number}"})
            time.sleep(max(0.0, each - (time.perf_counter() - began[number])))
        deadline = time.monotonic() + 5
        while len(streams.seen) < len(began) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        streams.close()
    if streams.lost:
        raise SystemExit(f"{streams.lost} streams were ended")
    return [(streams.seen.get(number, start + 60) - start) * 1000 for number, start in began.items()]
