"""One request leaves one trace: from the gateway through task-service to what worker made of its event."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from chart import Problems
from people import Answer, two_in_a_team

RECEIVED = Path(os.environ["MONITORING_TRACES"])
PATIENCE_SECONDS = 20
CALLER = "00f067aa0ba902b7"
CALLERS_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass(frozen=True)
class Span:
    service: str
    trace: str
    parent: str
    id: str
    name: str
    kind: str
    status: str
    attributes: dict[str, str]


def received() -> list[Span]:
    """What the receiver has written down so far."""
    spans = []
    for resource in RECEIVED.read_text().split("ResourceSpans #")[1:]:
        head, *parts = re.split(r"^Span #\d+$", resource, flags=re.M)
        service = attributes(head)["service.name"]
        for part in parts:
            fields = dict(re.findall(r"^ {4}([A-Z][\w ]*?) *: *(.*)$", part, re.M))
            told = attributes(part.partition("Events:")[0])
            spans.append(Span(service, fields["Trace ID"], fields["Parent ID"], fields["ID"], fields["Name"], fields["Kind"], fields["Status code"], told))
    return spans  # fmt: skip


def attributes(text: str) -> dict[str, str]:
    return dict(re.findall(r"-> ([\w.]+): \w+\((.*)\)$", text, re.M))


def trace_of(answer: Answer, spans: int) -> dict[str, Span]:
    """The spans of an answer's trace by service, once as many as there should be have arrived."""
    trace = answer.headers["traceparent"].split("-")[1]
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = [span for span in received() if span.trace == trace]
        if len(found) >= spans or time.monotonic() > until:
            break
        time.sleep(0.2)
    if sorted(span.service for span in found) != sorted({span.service for span in found}) or len(found) != spans:
        raise SystemExit(f"trace {trace} should have {spans} spans, one a service, and has {found}")
    return {span.service: span for span in found}


def main() -> None:
    problems = Problems()
    owner, member, team = two_in_a_team()
    assigned = {"title": "Follow the trace", "assignees": [member.id]}

    made = owner.ask("POST", f"teams/{team}/tasks", assigned).expect(201)
    spans = trace_of(made, 3)
    gateway, tasks, worker = spans["api-gateway"], spans["task-service"], spans["worker"]
    problems.unless(gateway.parent == "", "the gateway's span has a parent, and nobody called with one")
    problems.unless(tasks.parent == gateway.id, "task-service's span isn't below the gateway's")
    problems.unless(worker.parent == tasks.id, "the effects aren't below the request that caused them")
    problems.unless(gateway.name == "POST /api/v1/teams/{team}/tasks/**", f"the gateway's span is called {gateway.name}")
    problems.unless(tasks.name == "POST /api/v1/teams/{team}/tasks", f"task-service's span is called {tasks.name}")
    problems.unless(worker.name == "effects of task.created", f"worker's span is called {worker.name}")
    kinds = [gateway.kind, tasks.kind, worker.kind]
    problems.unless(kinds == ["SPAN_KIND_SERVER", "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER"], f"the spans are of the kinds {kinds}")
    problems.unless(tasks.attributes.get("http.response.status_code") == "201", f"task-service's span tells {tasks.attributes}")

    caller = {"traceparent": f"00-{CALLERS_TRACE}-{CALLER}-01"}
    spans = trace_of(owner.ask("GET", f"teams/{team}/tasks", **caller).expect(200), 2)
    problems.unless(spans["api-gateway"].trace == CALLERS_TRACE, "the caller's trace isn't gone on with")
    problems.unless(spans["api-gateway"].parent == CALLER, "the gateway's span isn't below the caller's")
    problems.unless(not any("/health" in span.name for span in received()), "probes are traced")

    failed = [span for span in received() if span.name.startswith("GET /api/v1/notifications") and span.status == "STATUS_CODE_ERROR"]
    problems.unless(failed, "no span is marked as failed, though requests failed while worker wasn't there")
    problems.tell(f"{len(received())} spans received; one request leaves one trace, from the gateway to its effects")


main()
