"""Visits every endpoint of docs/openapi.json and keeps what goes over the wire, byte for byte, for httpolice to look at.

    traffic.py URL DIRECTORY EMAIL PASSWORD TEAM     with a TEAM that EMAIL owns

Each exchange becomes two files, as httpolice's input format `streams` has it: NUMBER.request and NUMBER.response. What a request
does wrong on purpose it names in `HTTPolice-Silence`.
"""

import json
import re
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

URL, DIRECTORY, EMAIL, PASSWORD, TEAM = sys.argv[1:]
HOST, PORT = urlsplit(URL).hostname, urlsplit(URL).port or 80
PATHS = json.loads(Path("docs/openapi.json").read_text())["paths"]
METHODS = {"get", "post", "put", "patch", "delete"}
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
TIMEOUT_S = 30


class Answer:
    def __init__(self, raw: bytes):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}

    def __getitem__(self, name: str):
        return json.loads(self.body)[name]


class Traffic:
    """Sends requests, each over a connection of its own."""

    def __init__(self):
        self.count = 0
        self.succeeded: set[tuple[str, str]] = set()

    def send(self, method: str, target: str, expected: int, body=None, token="", until=b"", wrong="", **headers: str) -> Answer:
        """Sends one request. Once `until` has come of a stream, our side is closed, and the stream ends.

        `wrong` has the notices that httpolice shall not give about this exchange.
        """
        fields = {"host": f"{HOST}:{PORT}", "user-agent": "api-check/1.0", "accept": "*/*", "connection": "close"}
        if token:
            fields["authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if wrong:
            fields["httpolice-silence"] = wrong
        if body is not None:
            fields |= {"content-type": JSON, "content-length": str(len(content))}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        request = "\r\n".join(head).encode() + content
        response = exchange(request, until)
        self.count += 1
        for kind, octets in (("request", request), ("response", response)):
            Path(DIRECTORY, f"{self.count:03}.{kind}").write_bytes(octets)
        answer = Answer(response)
        assert answer.status == expected, f"{method} {target}: {answer.status} {answer.body.decode()}"
        if expected < 300:
            self.succeeded.add((method, target.partition("?")[0]))
        return answer

    def read(self, target: str, token="", **headers: str) -> Answer:
        """GET with its HEAD and OPTIONS, and once more with the tag if there is one."""
        answer = self.send("GET", target, 200, token=token, **headers)
        self.send("HEAD", target, 200, token=token, **headers)
        self.send("OPTIONS", target, 204, token=token)
        if tag := answer.headers.get("etag"):
            self.send("GET", target, 304, token=token, if_none_match=tag, **headers)
            self.send("HEAD", target, 304, token=token, if_none_match=tag, **headers)
            self.send("GET", target, 412, token=token, if_match='"999999"', **headers)
        return answer

    def not_visited(self) -> set[str]:
        """Operations of the document of which none was answered with 2xx."""
        visited = set()
        for method, target in self.succeeded:
            fits = [path for path in PATHS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), target)]
            visited.add(f"{method} {target if target in fits else fits[0]}") if fits else None
        return {f"{method.upper()} {path}" for path, item in PATHS.items() for method in METHODS & item.keys()} - visited


def exchange(request: bytes, until: bytes) -> bytes:
    with socket.create_connection((HOST, PORT), timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        response = b""
        while some := connection.recv(65536):
            response += some
            if until and until in response:
                connection.shutdown(socket.SHUT_WR)
                until = b""
        return response


def accounts(traffic: Traffic) -> tuple[str, Answer]:
    """Signs in as EMAIL and as a second user; gives the token of one and the session of the other."""
    login, register = "/api/v1/auth/login", "/api/v1/auth/register"
    other = {"email": f"to-{EMAIL}", "password": PASSWORD}
    traffic.send("POST", register, 422, {"email": "none", "password": "short", "name": ""})
    traffic.send("POST", register, 400, b"{", wrong="1038")
    traffic.send("POST", register, 415, b"name=x", content_type="application/x-www-form-urlencoded")
    traffic.send("POST", register, 413, b"x" * (1 << 20) + b"x", wrong="1038")
    traffic.send("GET", register, 405)
    traffic.send("POST", register, 201, other | {"name": "Traffic"})
    traffic.send("POST", register, 409, other | {"name": "Traffic"})
    traffic.send("POST", login, 401, {"email": EMAIL, "password": "not this one"})
    token = traffic.send("POST", login, 200, {"email": EMAIL, "password": PASSWORD})["access_token"]

    refresh, logout, ours = "/api/v1/auth/refresh", "/api/v1/auth/logout", {"x_taskhub_session": "cookie"}
    cookie = traffic.send("POST", login, 200, other | {"session": "cookie"}).headers["set-cookie"].partition(";")[0]
    traffic.send("POST", refresh, 403, {}, cookie=cookie)
    cookie = traffic.send("POST", refresh, 200, {}, cookie=cookie, **ours).headers["set-cookie"].partition(";")[0]
    traffic.send("POST", logout, 204, {}, cookie=cookie, **ours)

    session = traffic.send("POST", login, 200, other)
    session = traffic.send("POST", refresh, 200, {"refresh_token": session["refresh_token"]})
    traffic.read("/api/v1/me", token)
    traffic.send("PATCH", "/api/v1/me", 200, {"name": "Checked"}, token, content_type=MERGE_PATCH)
    traffic.send("PATCH", "/api/v1/me", 415, b"name", token, wrong="1213", content_type="text/plain")
    traffic.read("/api/v1/auth/sessions", session["access_token"])
    traffic.send("GET", "/api/v1/me", 401)
    traffic.send("GET", "/api/v1/me", 401, token="none")
    return token, session


def members(traffic: Traffic, token: str, theirs: str) -> str:
    """Invites the second user, who joins; gives their id."""
    traffic.send("POST", "/api/v1/teams", 201, {"name": "Traffic", "key": f"{TEAM}t"}, token)
    traffic.send("POST", "/api/v1/teams", 409, {"name": "Traffic", "key": TEAM}, token)
    traffic.read("/api/v1/teams?limit=1", token)
    team = f"/api/v1/teams/{TEAM}"
    traffic.read(team, token)
    traffic.send("GET", team, 404, token=theirs)

    invite = {"email": f"to-{EMAIL}", "role": "member"}
    first = traffic.send("POST", f"{team}/invitations", 201, invite, token)
    traffic.read(first.headers["location"], token)
    traffic.read(f"{team}/invitations", token)
    traffic.send("DELETE", first.headers["location"], 204, token=token)
    invitation = {"token": traffic.send("POST", f"{team}/invitations", 201, invite, token)["token"]}
    traffic.send("POST", "/api/v1/invitations/preview", 200, invitation)
    traffic.send("POST", "/api/v1/invitations/preview", 404, {"token": "none"})
    traffic.send("POST", "/api/v1/invitations/accept", 200, invitation, theirs)
    traffic.send("POST", f"{team}/invitations", 403, invite | {"email": f"3-{EMAIL}"}, theirs)

    user = traffic.send("GET", "/api/v1/me", 200, token=theirs)["id"]
    traffic.read(f"{team}/members", token)
    traffic.read(f"{team}/members/{user}", token)
    traffic.send("PATCH", f"{team}/members/{user}", 200, {"role": "admin"}, token, content_type=MERGE_PATCH)
    return user


def tasks(traffic: Traffic, token: str, theirs: str, user: str) -> None:
    team = f"/api/v1/teams/{TEAM}"
    key = {"idempotency_key": f"{TEAM}-traffic"}
    made = traffic.send("POST", f"{team}/tasks", 201, {"title": "Traffic", "assignees": [user]}, token, **key)
    traffic.send("POST", f"{team}/tasks", 201, {"title": "Traffic", "assignees": [user]}, token, **key)
    traffic.send("POST", f"{team}/tasks", 422, {"title": "Another", "labels": ["none"]}, token)
    traffic.send("POST", f"{team}/tasks", 409, {"title": "Another"}, token, **key)
    task, tag = made.headers["location"], made.headers["etag"]
    traffic.read(task, token)
    traffic.send("PATCH", task, 200, {"description": "x"}, token, content_type=MERGE_PATCH, if_match=tag)
    traffic.send("PATCH", task, 412, {"description": "y"}, token, content_type=MERGE_PATCH, if_match=tag)
    traffic.send("PATCH", task, 415, b"<x/>", token, wrong="1213", content_type="application/xml")
    traffic.send("PUT", task, 405, {"title": "x"}, token)
    traffic.send("POST", f"{task}/move", 200, {"status": "in_progress"}, token)
    for path in ("tasks?limit=1", "tasks/counts", "labels", "stats", "activity", "changes?since=0"):
        traffic.read(f"{team}/{path}", token)
    traffic.send("GET", f"{team}/tasks?limit=none", 400, token=token)
    traffic.send("GET", f"{team}/changes?since=999999999", 410, token=token)
    traffic.send("GET", f"{team}/tasks/999999", 404, token=token)
    traffic.read(f"{task}/history", token)

    label = traffic.send("POST", f"{team}/labels", 201, {"name": "traffic", "color": "#112233"}, token).headers["location"]
    traffic.send("POST", f"{team}/labels", 409, {"name": "traffic", "color": "#112233"}, token)
    traffic.read(label, token)
    traffic.send("PATCH", label, 200, {"color": "#445566"}, token, content_type=MERGE_PATCH)
    traffic.send("DELETE", label, 204, token=token)
    comment = traffic.send("POST", f"{task}/comments", 201, {"body": "Said."}, token).headers["location"]
    traffic.read(f"{task}/comments", token)
    traffic.read(comment, token)
    traffic.send("PATCH", comment, 200, {"body": "Said better."}, token, content_type=MERGE_PATCH)
    traffic.send("DELETE", comment, 204, token=token)

    traffic.send("GET", f"{team}/events", 200, token=token, until=b"event: ready", accept="text/event-stream")
    traffic.send("HEAD", f"{team}/events", 200, token=token)
    traffic.read("/api/v1/notifications", theirs)
    traffic.send("POST", "/api/v1/notifications/read", 200, {"all": True}, theirs)
    tag = traffic.send("GET", task, 200, token=token).headers["etag"]
    traffic.send("DELETE", task, 412, token=token, if_match='"999999"')
    traffic.send("DELETE", task, 204, token=token, if_match=tag)
    traffic.send("GET", task, 404, token=token)


def simple(traffic: Traffic, token: str) -> None:
    task = f"/api/tasks/{traffic.send('POST', '/api/tasks', 201, {'title': 'Simple'}, token)['id']}"
    traffic.read("/api/tasks", token)
    traffic.read(task, token)
    traffic.send("PUT", task, 200, {"status": "completed"}, token)
    traffic.send("PUT", task, 422, {"status": "none"}, token)
    traffic.send("DELETE", task, 200, token=token)
    traffic.send("DELETE", task, 404, token=token)
    traffic.read("/api/db-status", token)


def system(traffic: Traffic, token: str) -> None:
    for path in ("/health", "/health/ready", "/health/serving", "/api/health", "/api/openapi.json", "/api/docs"):
        traffic.read(path)
    traffic.read("/api/v1/status", token)
    traffic.read("/api/openapi.json", accept_encoding="gzip")
    # It is about the server, which is nothing to be patched.
    traffic.send("OPTIONS", "*", 204, wrong="1216 resp")
    traffic.send("GET", "/api/v1/nothing", 404, token=token)
    traffic.send("GET", "/api/v1/%zz", 400, token=token, wrong="1045")
    traffic.send("GET", f"/api/v1/{'x' * 9000}", 414, token=token)
    traffic.send("DELETE", "/health", 405)


def the_end(traffic: Traffic, token: str, session: Answer, user: str) -> None:
    theirs, refresh_token = session["access_token"], session["refresh_token"]
    traffic.send("DELETE", f"/api/v1/teams/{TEAM}/members/{user}", 204, token=token)
    traffic.send("POST", "/api/v1/auth/logout", 204, {"refresh_token": refresh_token})
    traffic.send("POST", "/api/v1/auth/refresh", 401, {"refresh_token": refresh_token})
    login = {"email": f"to-{EMAIL}", "password": PASSWORD}
    theirs = traffic.send("POST", "/api/v1/auth/login", 200, login)["access_token"]
    change = {"current_password": PASSWORD, "new_password": f"{PASSWORD}-2"}
    traffic.send("POST", "/api/v1/auth/password", 204, change, theirs)
    theirs = traffic.send("POST", "/api/v1/auth/login", 200, login | {"password": f"{PASSWORD}-2"})["access_token"]
    for found in json.loads(traffic.send("GET", "/api/v1/auth/sessions", 200, token=theirs).body)["items"]:
        traffic.send("DELETE", f"/api/v1/auth/sessions/{found['id']}", 204, token=theirs)
        break


def main() -> None:
    traffic = Traffic()
    token, session = accounts(traffic)
    theirs = session["access_token"]
    user = members(traffic, token, theirs)
    tasks(traffic, token, theirs, user)
    simple(traffic, token)
    system(traffic, token)
    the_end(traffic, token, session, user)
    assert not traffic.not_visited(), f"not visited: {sorted(traffic.not_visited())}"
    print(f"{traffic.count} exchanges")


main()
