"""A little of everything that people do, so that every metric has something to tell.

Counters are read every second, and a rate needs two readings: so it goes on for a few seconds.
"""

import http.client
import sys
import time

from people import GATEWAY, PASSWORD, Person, ask, two_in_a_team

SECONDS = 5


def without_worker() -> None:
    """What worker serves fails as long as it isn't there."""
    person = Person("carol")
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        person.ask("GET", "notifications").expect(503)
        time.sleep(0.1)


def with_everything() -> None:
    owner, member, team = two_in_a_team()
    stream = http.client.HTTPConnection(GATEWAY.hostname, GATEWAY.port, timeout=20)
    stream.request("GET", f"/api/v1/teams/{team}/events", headers={"Authorization": f"Bearer {owner.token}"})
    stream.getresponse()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        task = owner.ask("POST", f"teams/{team}/tasks", {"title": "Watch", "assignees": [member.id]}).expect(201).body
        path = f"teams/{team}/tasks/{task['number']}"
        owner.ask("PATCH", path, {"status": "completed"}).expect(200)
        owner.ask("GET", path).expect(200)
        owner.ask("GET", f"teams/{team}/tasks").expect(200)
        owner.ask("GET", f"teams/{team}/tasks/999999").expect(404)
        owner.ask("DELETE", path).expect(204)
        member.ask("GET", "notifications").expect(200)
        member.refresh()
        ask("POST", "/api/v1/auth/login", {"email": member.email, "password": PASSWORD}).expect(200)
        ask("POST", "/api/v1/auth/login", {"email": member.email, "password": "a guess at it"}).expect(401)
        time.sleep(0.1)
    stream.close()


if "without-worker" in sys.argv[1:]:
    without_worker()
else:
    with_everything()
