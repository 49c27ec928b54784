"""Where things lie, and the tools that scripts/chart-check brings."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/taskhub"
PROFILES = {path.name.removesuffix("-values.yaml"): path for path in sorted((CHART / "ci").glob("*-values.yaml"))}
HELMS = {"helm 3": os.environ.get("HELM3", "helm3"), "helm 4": os.environ.get("HELM4", "helm4")}
# What a cluster with the Prometheus operator says that it knows.
MONITORING = ("monitoring.coreos.com/v1/ServiceMonitor", "monitoring.coreos.com/v1/PrometheusRule")
# The oldest Kubernetes that the chart is for, and the newest that there are schemas of.
KUBERNETES = ("1.31", "1.37")
