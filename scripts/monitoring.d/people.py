"""People who use TaskHub over HTTP."""

import http.client
import json
import os
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

GATEWAY = urlsplit(os.environ["MONITORING_GATEWAY"])
PASSWORD = "somebody watches this"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: dict

    def expect(self, status: int) -> "Answer":
        if self.status != status:
            raise SystemExit(f"expected {status}, got {self.status}: {self.body}")
        return self


def ask(method: str, path: str, body: object = None, token: str = "", headers: dict | None = None) -> Answer:
    connection = http.client.HTTPConnection(GATEWAY.hostname, GATEWAY.port, timeout=20)
    headers = {"Content-Type": "application/json", **(headers or {})}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers, json.loads(content) if content else {})


class Person:
    """Somebody who has just registered."""

    def __init__(self, name: str) -> None:
        self.email = f"{name}-{time.time_ns()}@watch.example"
        body = {"email": self.email, "password": PASSWORD, "name": name}
        session = ask("POST", "/api/v1/auth/register", body).expect(201).body
        self.id, self.token, self.refresh_token = session["user"]["id"], session["access_token"], session["refresh_token"]

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        return ask(method, f"/api/v1/{path}", body, self.token, headers)

    def refresh(self) -> None:
        session = ask("POST", "/api/v1/auth/refresh", {"refresh_token": self.refresh_token}).expect(200).body
        self.token, self.refresh_token = session["access_token"], session["refresh_token"]


def two_in_a_team() -> tuple[Person, Person, str]:
    """An owner, a member, and their team's key."""
    owner, member, key = Person("alice"), Person("bob"), f"w{time.time_ns() % 10**8}"
    owner.ask("POST", "teams", {"name": "Watch", "key": key}).expect(201)
    invitation = {"email": member.email, "role": "member"}
    token = owner.ask("POST", f"teams/{key}/invitations", invitation).expect(201).body["token"]
    member.ask("POST", "invitations/accept", {"token": token}).expect(200)
    return owner, member, key
