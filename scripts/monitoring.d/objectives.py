"""The rules of the two objectives: availability and latency, each burnt over windows that are long and short at once.

The windows and factors are those of the SRE Workbook, chapter 5: a page when 2 % of a month's budget is gone in an hour or
5 % in six, a ticket when 10 % is gone in a day or three.
"""

from dataclasses import dataclass

GATEWAY = 'app_kubernetes_io_component="api-gateway"'
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
RUNBOOKS = "https://github.com/taskhub/taskhub/blob/main/docs/runbooks"
# Fewer requests than this, a second, say too little: one that failed would be a burning budget.
LEAST_RATE = 0.1


@dataclass(frozen=True)
class Burn:
    """Budget is spent `factor` times too fast over both windows, for at least `wait`."""

    long: str
    short: str
    factor: float
    wait: str
    severity: str


BURNS = (
    Burn("1h", "5m", 14.4, "2m", "critical"),
    Burn("6h", "30m", 6, "15m", "critical"),
    Burn("1d", "2h", 3, "1h", "warning"),
    Burn("3d", "6h", 1, "3h", "warning"),
)


@dataclass(frozen=True)
class Objective:
    alert: str
    record: str
    # The share of requests that may be bad.
    budget: float
    what: str
    goal: str


OBJECTIVES = (
    Objective("TaskHubErrorBudgetBurn", "namespace:taskhub_http_errors:ratio_rate", 0.001, "failed",
              "99.9 % of requests are answered without a server error"),
    Objective("TaskHubLatencyBudgetBurn", "namespace:taskhub_http_slow:ratio_rate", 0.01, "took longer than 100 ms",
              "99 % of requests are answered within 100 ms"),
)  # fmt: skip


def rules() -> str:
    """The file, as it stands in the chart."""
    recordings = "\n".join(recorded(window) for window in WINDOWS)
    alerts = "\n".join(alert(objective, burn) for objective in OBJECTIVES for burn in BURNS)
    return f"""\
# Written by scripts/monitoring.d/generate.py. What it means: docs/monitoring.md.
groups:
  - name: taskhub-objectives-recorded
    rules:
{recordings}
  - name: taskhub-objectives
    rules:
{alerts}"""


def recorded(window: str) -> str:
    """Requests, and the shares of them that failed and that were slow, over one window.

    Who was refused at once was refused, so that counts as failed. Passwords are slow on purpose, and a stream has no end:
    their routes have no latency.
    """
    api = f'{GATEWAY}, route!~"/health.*"'
    timed = f'{GATEWAY}, route!~"/health.*|/api/v1/auth/.*|.*/events"'
    return f"""\
      - record: namespace:taskhub_http_requests:rate{window}
        expr: |
          sum by (namespace) (rate(http_requests_total{{{api}}}[{window}]))
          + sum by (namespace) (rate(taskhub_requests_shed_total{{{GATEWAY}}}[{window}]))
      - record: namespace:taskhub_http_errors:ratio_rate{window}
        expr: |
          (
            sum by (namespace) (rate(taskhub_requests_shed_total{{{GATEWAY}}}[{window}]))
            + (
              sum by (namespace) (rate(http_requests_total{{{api}, status=~"5.."}}[{window}]))
              or 0 * namespace:taskhub_http_requests:rate{window}
            )
          ) / (namespace:taskhub_http_requests:rate{window} > 0)
      - record: namespace:taskhub_http_slow:ratio_rate{window}
        expr: |
          1 - sum by (namespace) (
            rate(http_request_duration_seconds_bucket{{{timed}, le="0.1"}}[{window}])
          ) / (
            sum by (namespace) (
              rate(http_request_duration_seconds_count{{{timed}}}[{window}])
            ) > 0
          )
"""


def alert(objective: Objective, burn: Burn) -> str:
    limit = f"{burn.factor} * {objective.budget}"
    share = "{{ $value | humanizePercentage }}"
    return f"""\
      - alert: {objective.alert}
        expr: |
          {objective.record}{burn.long} > {limit}
          and {objective.record}{burn.short} > {limit}
          and namespace:taskhub_http_requests:rate{burn.long} > {LEAST_RATE}
        for: {burn.wait}
        labels:
          severity: {burn.severity}
          window: {burn.long}
        annotations:
          summary: In {{{{ $labels.namespace }}}}, {share} of requests {objective.what} over {burn.long}
          description: >-
            The objective is that {objective.goal}, over 30 days. What it allows is being used up {burn.factor} times too fast,
            over the last {burn.long} as over the last {burn.short}.
          runbook_url: {RUNBOOKS}/{objective.alert}.md
"""
