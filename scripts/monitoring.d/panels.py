"""What Grafana's dashboards are made of, as far as TaskHub's need it."""

import json
from dataclasses import dataclass, field

WIDTH = 24
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# What the variables choose: everything of a namespace, or the chosen components and pods of it.
IN_NAMESPACE = 'namespace="$namespace"'
CHOSEN = f'{IN_NAMESPACE}, app_kubernetes_io_component=~"$component", pod=~"$pod"'


@dataclass(frozen=True)
class Query:
    expr: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """One panel: lines over time, or with `stat` one number."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    stat: bool = False
    stacked: bool = False
    # From which value on a number is no longer good, and whether more of it is better.
    bad: float | None = None
    more_is_better: bool = False
    width: int = 8

    def json(self, number: int, x: int, y: int) -> dict:
        return {
            "id": number,
            "type": "stat" if self.stat else "timeseries",
            "title": self.title,
            "description": self.description,
            "datasource": DATASOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [self._target(place, query) for place, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self._defaults(), "overrides": []},
            "options": self._stat_options() if self.stat else LINE_OPTIONS,
        }

    @property
    def height(self) -> int:
        return 4 if self.stat else 8

    def _target(self, place: int, query: Query) -> dict:
        return {"refId": chr(ord("A") + place), "expr": query.expr, "legendFormat": query.legend,
                "instant": self.stat, "range": not self.stat, "datasource": DATASOURCE}  # fmt: skip

    def _defaults(self) -> dict:
        defaults: dict = {"unit": self.unit}
        if self.bad is not None:
            good, bad = ("red", "green") if self.more_is_better else ("green", "red")
            steps = [{"color": good, "value": None}, {"color": bad, "value": self.bad}]
            defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        if self.stat:
            return defaults
        stacking = {"mode": "normal" if self.stacked else "none", "group": "A"}
        line = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 20 if self.stacked else 0, "showPoints": "never",
                "spanNulls": False, "stacking": stacking}  # fmt: skip
        if self.bad is not None:
            line["thresholdsStyle"] = {"mode": "line"}
        return {**defaults, "min": 0, "custom": line}

    def _stat_options(self) -> dict:
        return {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "none" if self.bad is None else "value",
            "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
            "wideLayout": True, "showPercentChange": False, "percentChangeColorMode": "standard",
        }  # fmt: skip


LINE_OPTIONS = {
    "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
    "tooltip": {"mode": "multi", "sort": "desc"},
}


@dataclass(frozen=True)
class Dashboard:
    uid: str
    title: str
    description: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]
    # Whether one can choose among components and pods.
    chooses: bool = True
    tags: tuple[str, ...] = field(default=("taskhub",))

    def text(self) -> str:
        return json.dumps(self.json(), indent=2, ensure_ascii=False) + "\n"

    def json(self) -> dict:
        return {
            "uid": self.uid,
            "title": f"TaskHub / {self.title}",
            "description": self.description,
            "tags": list(self.tags),
            "schemaVersion": 41,
            "version": 1,
            "editable": False,
            "graphTooltip": 1,
            "timezone": "browser",
            "refresh": "30s",
            "time": {"from": "now-3h", "to": "now"},
            "links": [OTHERS],
            "templating": {"list": self._variables()},
            "panels": self._panels(),
        }

    def _variables(self) -> list[dict]:
        component, pod = "app_kubernetes_io_component", f'{IN_NAMESPACE}, app_kubernetes_io_component=~"$component"'
        datasource = {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus",
                      "refresh": 1, "hide": 0, "multi": False, "includeAll": False}  # fmt: skip
        namespace = variable("namespace", "Namespace", "label_values(taskhub_build_info, namespace)", several=False)
        if not self.chooses:
            return [datasource, namespace]
        return [
            datasource,
            namespace,
            variable("component", "Component", f"label_values(taskhub_build_info{{{IN_NAMESPACE}}}, {component})"),
            variable("pod", "Pod", f"label_values(taskhub_build_info{{{pod}}}, pod)"),
        ]

    def _panels(self) -> list[dict]:
        panels, y = [], 0
        for title, row in self.rows:
            grid = {"x": 0, "y": y, "w": WIDTH, "h": 1}
            panels.append({"id": len(panels) + 1, "type": "row", "title": title, "collapsed": False, "gridPos": grid, "panels": []})
            x, y, height = 0, y + 1, 0
            for panel in row:
                if x + panel.width > WIDTH:
                    x, y, height = 0, y + height, 0
                panels.append(panel.json(len(panels) + 1, x, y))
                x, height = x + panel.width, max(height, panel.height)
            y += height
        return panels


OTHERS = {"title": "TaskHub", "type": "dashboards", "tags": ["taskhub"], "asDropdown": True, "includeVars": True,
          "keepTime": True, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}  # fmt: skip


def variable(name: str, label: str, query: str, several: bool = True) -> dict:
    """Filled from what there is, at each change of the time range."""
    model = {"name": name, "label": label, "type": "query", "datasource": DATASOURCE,
             "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1, "hide": 0,
             "multi": several, "includeAll": several}  # fmt: skip
    if several:
        model |= {"allValue": ".*", "current": {"selected": True, "text": ["All"], "value": ["$__all"]}}
    return model
