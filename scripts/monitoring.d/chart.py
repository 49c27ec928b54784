"""The rules, dashboards and texts that are checked, as they lie in the repository."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "helm/taskhub/files"
RUNBOOKS = ROOT / "docs/runbooks"
DOCS = (ROOT / "docs/monitoring.md", *sorted(RUNBOOKS.glob("*.md")))


@dataclass(frozen=True)
class Rule:
    file: str
    body: dict

    @property
    def expr(self) -> str:
        return self.body["expr"]

    @property
    def alert(self) -> str:
        """Its name, if it is an alert."""
        return self.body.get("alert", "")

    @property
    def name(self) -> str:
        return self.alert or self.body["record"]


class Problems:
    """What is wrong, all of it, rather than the first."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def unless(self, holds: object, problem: str) -> None:
        if not holds:
            self._found.append(problem)

    def tell(self, checked: str) -> None:
        if self._found:
            raise SystemExit("\n".join(self._found))
        print(f"   {checked}", flush=True)


def rules() -> list[Rule]:
    files = sorted((FILES / "rules").glob("*.yaml"))
    groups = ((file, group) for file in files for group in yaml.load(file.read_text(), Unambiguous)["groups"])
    return [Rule(file.name, rule) for file, group in groups for rule in group["rules"]]


def boards() -> dict[str, dict]:
    return {file.name: json.loads(file.read_text()) for file in sorted((FILES / "dashboards").glob("*.json"))}


def panels(board: dict) -> list[dict]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def documented_queries() -> Iterator[tuple[str, str]]:
    """Each line of PromQL that a text gives somebody to ask, with the text's name."""
    for file in DOCS:
        for block in re.findall(r"```promql\n(.*?)```", file.read_text(), re.S):
            yield from ((file.name, line) for line in block.splitlines() if line.strip())


class Unambiguous(yaml.SafeLoader):
    """A key that is given twice is a mistake, not a choice of the last."""


def _mapping(loader: Unambiguous, node: yaml.MappingNode) -> dict:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise yaml.YAMLError(f"{node.start_mark}: given twice: {', '.join(twice)}")
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Unambiguous.add_constructor("tag:yaml.org,2002:map", _mapping)
