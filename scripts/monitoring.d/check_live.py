"""Every expression of rules, dashboards and texts, asked of a Prometheus that watches a TaskHub at work."""

import json
import math
import os
import re
import time
import urllib.parse
import urllib.request

from chart import DOCS, Problems, boards, documented_queries, panels, rules
from promql import Selector, selectors

PROMETHEUS = os.environ["MONITORING_PROMETHEUS"]
# By then what happened has been read twice, and the rules have been worked out.
PATIENCE_SECONDS = 20
OURS = re.compile(r"\b((?:taskhub|http_requests?)_[a-z_]+[a-z])\b")
SUFFIX = re.compile(r"_(bucket|sum|count)$")
# A dashboard's variables, and a range that holds the whole run however slow the machine is.
CHOSEN = {"$namespace": "taskhub", "$component": ".*", "$pod": ".*", "$__rate_interval": "10m", "$__range": "10m"}
SCRAPERS = {"service", "job", "namespace", "pod", "instance", "node", "container", "endpoint"}


def get(path: str, **parameters: str) -> dict | list:
    url = f"{PROMETHEUS}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        raise SystemExit(f"Prometheus refuses {parameters or path}: {error.read().decode(errors='replace')}") from error


def gives(expr: str) -> bool:
    """Whether it gives at least one number, once everything has been read."""
    while True:
        result = get("query", query=expr)["result"]
        if any(math.isfinite(float(series["value"][1])) for series in result):
            return True
        if time.monotonic() > DEADLINE:
            return False
        time.sleep(0.5)


def is_there(selector: Selector) -> bool:
    return selector.absent or gives(str(selector))


def check_rules(problems: Problems) -> None:
    for rule in rules():
        where = f"{rule.file}: {rule.name}"
        if not rule.alert:
            problems.unless(gives(rule.name), f"{where} records nothing")
        # That an alert fires is for promtool's tests: here, it's that it looks at something.
        for selector in selectors(rule.expr):
            problems.unless(is_there(selector), f"{where}: there is no {selector}")
            for label, operator, value in selector.matchers:
                if label == "route" and operator == "!~":
                    others = selector.without("route")
                    for part in value.split("|"):
                        left_out = f'{others.metric}{{route=~"{part}"}}'
                        problems.unless(gives(left_out), f"{where}: no route is like {part}")
    for group in get("rules")["groups"]:
        for rule in group["rules"]:
            problems.unless(rule["health"] == "ok", f"{rule['name']}: {rule.get('lastError')}")


def check_boards(problems: Problems) -> int:
    asked = 0
    for file, board in boards().items():
        for panel in panels(board):
            for target in panel["targets"]:
                expr = target["expr"]
                for variable, value in CHOSEN.items():
                    expr = expr.replace(variable, value)
                problems.unless(gives(expr), f"{file}: {panel['title']}: {target['legendFormat'] or target['expr']} shows nothing")
                asked += 1
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                check_variable(problems, f"{file}: ${variable['name']}", variable["query"]["query"])
    return asked


def check_variable(problems: Problems, where: str, query: str) -> None:
    selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", query).groups()
    for variable, value in CHOSEN.items():
        selector = selector.replace(variable, value)
    series = get("series", **{"match[]": selector})
    problems.unless(any(label in one for one in series), f"{where} has nothing to choose from")


def check_texts(problems: Problems) -> None:
    """Texts name what there is, and docs/monitoring.md names all that there is."""
    exported = {name for name in get("metadata") if OURS.fullmatch(name)}
    recorded = {part for rule in rules() if not rule.alert for part in OURS.findall(rule.name)}
    for file in DOCS:
        named = {SUFFIX.sub("", name) for name in OURS.findall(file.read_text())}
        missing = named - exported - recorded - ROLES
        problems.unless(not missing, f"{file.name} names metrics that there aren't: {sorted(missing)}")
    told = {SUFFIX.sub("", name) for name in OURS.findall(DOCS[0].read_text())}
    problems.unless(exported <= told, f"{DOCS[0].name} doesn't tell of {sorted(exported - told)}")
    for file, query in documented_queries():
        for selector in selectors(query):
            problems.unless(is_there(selector), f"{file}: there is no {selector}")


# The services' roles in PostgreSQL have names like metrics'.
ROLES = {"taskhub_auth", "taskhub_tasks", "taskhub_worker"}


def check_targets(problems: Problems) -> None:
    for target in get("targets")["activeTargets"]:
        component = target["labels"]["app_kubernetes_io_component"]
        problems.unless(target["health"] == "up", f"{component}: {target['lastError']}")
        if component in SERVICES:
            with urllib.request.urlopen(target["scrapeUrl"], timeout=20) as answer:
                text = answer.read().decode()
            labels = set(re.findall(r'[{,](\w+)="', text))
            problems.unless(not labels & SCRAPERS, f"{component} exports labels that are the scraper's: {labels & SCRAPERS}")


SERVICES = {"api-gateway", "auth-service", "task-service", "worker"}


def main() -> None:
    problems = Problems()
    check_rules(problems)
    asked = check_boards(problems)
    check_texts(problems)
    check_targets(problems)
    problems.tell(f"{asked} expressions of dashboards and {len(rules())} rules find what they look for")


DEADLINE = time.monotonic() + PATIENCE_SECONDS
main()
