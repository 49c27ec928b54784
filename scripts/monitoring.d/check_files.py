"""What can be said of rules, dashboards and runbooks by reading them."""

import json
import os
import re
import tomllib
from pathlib import Path

import jsonschema
import yaml
from chart import DOCS, ROOT, RUNBOOKS, Problems, Rule, Unambiguous, boards, documented_queries, panels, rules
from promql import FORBIDDEN, grouped_by, selectors

SCHEMAS = Path(os.environ["MONITORING_SCHEMAS"])
RUNBOOK_PARTS = ("## Meaning", "## Impact", "## Diagnosis", "## Mitigation")
VARIABLES = {"datasource", "namespace", "component", "pod"}
# What one sees of a store is its exporter's, which has no component of TaskHub.
WITHOUT_COMPONENTS = {"taskhub-stores"}


def check_expression(problems: Problems, where: str, expr: str) -> None:
    used = {name for selector in selectors(expr) for name, _, _ in selector.matchers} | grouped_by(expr)
    problems.unless(not used & FORBIDDEN, f"{where} is written on {', '.join(used & FORBIDDEN)}")


def check_alert(problems: Problems, rule: Rule, fired: dict[str, set[str]]) -> None:
    labels, notes, where = rule.body.get("labels", {}), rule.body.get("annotations", {}), f"{rule.file}: {rule.alert}"
    problems.unless(labels.get("severity") in ("critical", "warning"), f"{where} has no severity")
    for note in ("summary", "description", "runbook_url"):
        problems.unless(notes.get(note), f"{where} has no {note}")
    runbook = RUNBOOKS / f"{rule.alert}.md"
    problems.unless(notes.get("runbook_url", "").endswith(f"/docs/runbooks/{runbook.name}"), f"{where} names another's runbook")
    problems.unless(runbook.is_file(), f"{where} has no runbook")
    problems.unless(rule.alert in fired, f"{where} has no test in which it fires")
    named = {label for note in notes.values() for label in re.findall(r"\$labels\.(\w+)", note)}
    missing = named - fired.get(rule.alert, named)
    problems.unless(not missing, f"{where} tells of {', '.join(missing)}, which no alert that fires in the tests has")


def fired_in_tests() -> dict[str, set[str]]:
    """Each alert that fires in promtool's tests, with the labels that it has then."""
    fired: dict[str, set[str]] = {}
    for file in sorted((ROOT / "helm/tests/rules").glob("*.yaml")):
        for test in yaml.load(file.read_text(), Unambiguous)["tests"]:
            for expectation in test["promql_expr_test"]:
                for sample in expectation["exp_samples"]:
                    labels = dict(re.findall(r'(\w+)="([^"]*)"', sample["labels"]))
                    alert = labels.pop("alertname") if "alertname" in labels else expectation["expr"].split('"')[1]
                    fired.setdefault(alert, set()).update(labels)
    return fired


def check_board(problems: Problems, file: str, board: dict) -> None:
    problems.unless(file == f"{board['uid']}.json" and len(board["uid"]) <= 40, f"{file} isn't named as its uid is")
    problems.unless(board.get("editable") is False, f"{file} can be edited, and the next upgrade would undo it")
    wanted = VARIABLES - ({"component", "pod"} if board["uid"] in WITHOUT_COMPONENTS else set())
    has = {variable["name"] for variable in board["templating"]["list"]}
    problems.unless(has == wanted, f"{file} has the variables {has}, not {wanted}")
    numbers = [panel["id"] for panel in board["panels"]]
    problems.unless(len(numbers) == len(set(numbers)), f"{file} has panels of the same id")
    titles = [panel["title"] for panel in panels(board)]
    problems.unless(len(titles) == len(set(titles)), f"{file} has panels of the same title")
    for panel in panels(board):
        check_panel(problems, f"{file}: {panel['title']}", panel)


def check_panel(problems: Problems, where: str, panel: dict) -> None:
    problems.unless(panel["title"] and panel["description"].endswith("."), f"{where} needs a title and a description")
    problems.unless(panel["fieldConfig"]["defaults"].get("unit"), f"{where} has no unit")
    problems.unless(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24, f"{where} is wider than the dashboard")
    for target in panel["targets"]:
        expr = target["expr"]
        problems.unless(target["datasource"] == panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"},
                        f"{where} asks a data source that isn't the chosen one")  # fmt: skip
        problems.unless("legendFormat" in target, f"{where} has no legend")
        ranges = set(re.findall(r"\[([^\]]+)\]", expr))
        problems.unless(ranges <= {"$__rate_interval", "$__range"}, f"{where} looks at {ranges}, whatever one zooms to")
        expr = expr.replace("$__rate_interval", "1m").replace("$__range", "1h")
        for selector in selectors(expr):
            chosen = ("namespace", "=", "$namespace") in selector.matchers
            problems.unless(chosen, f"{where}: {selector} shows every namespace")
        check_expression(problems, where, expr)


def check_schema(problems: Problems, file: str, board: dict) -> None:
    """By Grafana's own types; options and field settings are checked by those of each kind of panel."""

    def check(schema: str, part: object, where: str) -> None:
        validator = jsonschema.Draft7Validator(json.loads((SCHEMAS / f"{schema}.json").read_text()))
        for error in validator.iter_errors(part):
            problems.unless(False, f"{where}: {error.json_path}: {error.message}")

    check("dashboard", board, file)
    for panel in panels(board):
        where = f"{file}: {panel['title']}"
        check(f"{panel['type']}-options", panel["options"], where)
        if panel["type"] == "timeseries":
            check("timeseries-field", panel["fieldConfig"]["defaults"]["custom"], where)


def check_runbooks(problems: Problems, alerts: set[str]) -> None:
    for file in sorted(RUNBOOKS.glob("*.md")):
        text = file.read_text()
        problems.unless(file.stem in alerts, f"{file.name} is nobody's runbook")
        problems.unless([part for part in RUNBOOK_PARTS if part in text] == list(RUNBOOK_PARTS), f"{file.name} lacks a part")
        for target in re.findall(r"\]\(([^)#:]+\.md)", text):
            problems.unless((file.parent / target).is_file(), f"{file.name} leads to {target}, which isn't there")


def settings() -> set[str]:
    """Every `section.key` that a service reads."""
    known = set()
    for file in (ROOT / "crates").glob("**/settings.toml"):
        for section, keys in tomllib.loads(file.read_text()).items():
            known |= {f"{section}.{key}" for key in keys}
    # These have no default, so that they are only named in the code.
    return known | {"database.url", "database.admin_url", "redis.url", "auth.jwks_url"}


def check_settings(problems: Problems, texts: tuple[Path, ...]) -> None:
    known = settings()
    sections = {name.split(".")[0] for name in known}
    for file in texts:
        text = file.read_text()
        named = {f"{section}.{key}".lower() for section, key in re.findall(r"TASKHUB__([A-Z]+)__([A-Z_]+)", text)}
        named |= {name for name in re.findall(r"`([a-z]+\.[a-z_]+)`", text) if name.split(".")[0] in sections}
        problems.unless(named <= known, f"{file.name} names settings that there aren't: {named - known}")


def check_ports(problems: Problems, texts: tuple[Path, ...]) -> None:
    """A port that a text names is one that the services serve by default."""
    http = tomllib.loads((ROOT / "crates/platform/settings.toml").read_text())["http"]
    known = {http["port"], http["management_port"]}
    for file in texts:
        ports = {int(port) for port in re.findall(r"(?:localhost:|port |port-forward \S+ )(\d+)", file.read_text())}
        problems.unless(ports <= known | {80}, f"{file.name} names ports that nobody serves: {ports - known}")


def check_deploy(problems: Problems) -> list[Path]:
    files = sorted((ROOT / "deploy/monitoring").glob("**/*.yaml"))
    for file in files:
        try:
            list(yaml.load_all(file.read_text(), Unambiguous))
        except yaml.YAMLError as error:
            problems.unless(False, f"{file.name}: {error}")
    return files


def main() -> None:
    problems, every, fired = Problems(), rules(), fired_in_tests()
    alerts = {rule.alert for rule in every if rule.alert}
    for rule in every:
        check_expression(problems, f"{rule.file}: {rule.name}", rule.expr)
        if rule.alert:
            check_alert(problems, rule, fired)
    shown = boards()
    for file, board in shown.items():
        check_board(problems, file, board)
        check_schema(problems, file, board)
    for file, query in documented_queries():
        check_expression(problems, file, query)
    check_runbooks(problems, alerts)
    texts = tuple(DOCS) + tuple(check_deploy(problems))
    check_settings(problems, texts)
    check_ports(problems, DOCS)
    count = sum(len(panels(board)) for board in shown.values())
    problems.tell(f"{len(alerts)} alerts in {len(every)} rules, {len(shown)} dashboards with {count} panels, {len(texts)} texts")


main()
