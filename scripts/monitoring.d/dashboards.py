"""TaskHub's dashboards. A panel is a question; its description says what an answer means."""

from objectives import GATEWAY, OBJECTIVES
from panels import CHOSEN, IN_NAMESPACE, Dashboard, Panel, Query

RATE = "[$__rate_interval]"
API = f'{IN_NAMESPACE}, {GATEWAY}, route!~"/health.*"'


def line(title: str, unit: str, description: str, *queries: tuple[str, str], **more) -> Panel:
    return Panel(title, description, unit, tuple(Query(*query) for query in queries), **more)


def number(title: str, unit: str, description: str, expr: str, legend: str = "", **more) -> Panel:
    return Panel(title, description, unit, (Query(expr, legend),), stat=True, **{"width": 4, **more})


def quantiles(metric: str, labels: str, by: str = "") -> tuple[tuple[str, str], ...]:
    legend = f" {{{{{by}}}}}" if by else ""
    group = f"le, {by}" if by else "le"
    return tuple(
        (f"histogram_quantile({q}, sum by ({group}) (rate({metric}_bucket{{{labels}}}{RATE})))", f"p{round(q * 100)}{legend}")
        for q in ((0.99,) if by else (0.5, 0.95, 0.99))
    )


def rate(metric: str, labels: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}{{{labels}}}{RATE}))"


def burn(record: str, budget: float) -> tuple[tuple[str, str], ...]:
    return tuple((f"{record}{window}{{{IN_NAMESPACE}}} / {budget}", f"over {window}") for window in ("1h", "6h", "1d", "3d"))


ERRORS, SLOW = OBJECTIVES

OVERVIEW = Dashboard(
    "taskhub-overview", "Overview", "Does TaskHub do what was promised, and if not, where does one look?",
    (
        ("Objectives", (
            number("Availability", "percentunit", "Requests of the last three days that were answered without a server error. The objective is 99.9 %.",
                   f"1 - {ERRORS.record}3d{{{IN_NAMESPACE}}}", bad=1 - ERRORS.budget, more_is_better=True),
            number("Within 100 ms", "percentunit", "Requests of the last three days that were answered within 100 ms. The objective is 99 %.",
                   f"1 - {SLOW.record}3d{{{IN_NAMESPACE}}}", bad=1 - SLOW.budget, more_is_better=True),
            number("Requests", "reqps", "Requests a second that come to the gateway.",
                   f"namespace:taskhub_http_requests:rate5m{{{IN_NAMESPACE}}}"),
            number("Live streams", "short", "Live boards that are open.",
                   f"sum(taskhub_streams_open{{{IN_NAMESPACE}, {GATEWAY}}})"),
            number("Events that wait", "short", "Events whose effects are not done.",
                   f"namespace:taskhub_outbox_pending:max{{{IN_NAMESPACE}}}", bad=1000),
            number("Dead letters", "short", "Events that were given up; see the runbook TaskHubDeadLetters.",
                   f"max(taskhub_dead_letters{{{IN_NAMESPACE}}})", bad=1),
            line("Error budget, times too fast", "short", "1 uses up exactly what the objective allows in 30 days. Alerts fire at 14.4, 6, 3 and 1.",
                 *burn(ERRORS.record, ERRORS.budget), bad=1, width=12),
            line("Latency budget, times too fast", "short", "1 uses up exactly what the objective allows in 30 days. Alerts fire at 14.4, 6, 3 and 1.",
                 *burn(SLOW.record, SLOW.budget), bad=1, width=12),
        )),
        ("Traffic", (
            line("Requests by answer", "reqps", "All that comes to the gateway, by status.",
                 (rate("http_requests_total", API, "status"), "{{status}}"), stacked=True),
            line("Time to answer", "s", "From the head of a request to that of its answer, in the gateway.",
                 *quantiles("http_request_duration_seconds", API), bad=0.1),
            line("From change to effect", "s", "From an event's commit to that of its effects.",
                 *quantiles("taskhub_event_lag_seconds", IN_NAMESPACE)),
        )),
        ("Processes", (
            line("Replicas", "short", "Processes that Prometheus sees, by component and version.",
                 (f"count by (app_kubernetes_io_component, version) (taskhub_build_info{{{CHOSEN}}})",
                  "{{app_kubernetes_io_component}} {{version}}")),
            line("CPU", "short", "Cores in use.",
                 (f"sum by (pod) (rate(process_cpu_seconds_total{{{CHOSEN}}}{RATE}))", "{{pod}}"), stacked=True),
            line("Memory", "bytes", "Resident memory.",
                 (f"sum by (pod) (process_resident_memory_bytes{{{CHOSEN}}})", "{{pod}}"), stacked=True),
        )),
    ),
)  # fmt: skip

REQUESTS = Dashboard(
    "taskhub-requests", "Requests", "Which routes are used, which fail and which are slow, seen by each service for itself.",
    (
        ("Routes", (
            line("Requests by route", "reqps", "What is asked for. A route is its template, never a path.",
                 (rate("http_requests_total", CHOSEN, "app_kubernetes_io_component, method, route"),
                  "{{app_kubernetes_io_component}} {{method}} {{route}}"), width=12),
            line("Requests by service", "reqps", "How the work is spread over the services.",
                 (rate("http_requests_total", CHOSEN, "app_kubernetes_io_component"), "{{app_kubernetes_io_component}}"), width=12),
            line("Server errors by route", "reqps", "Answers with 5xx: a 503 says that something is away or too busy, a 500 is a defect.",
                 (rate("http_requests_total", CHOSEN + ', status=~"5.."', "app_kubernetes_io_component, route, status"),
                  "{{app_kubernetes_io_component}} {{route}} {{status}}")),
            line("Client errors by route", "reqps", "Answers with 4xx: many 401 or 403 are worth a look, as are many 409 or 412.",
                 (rate("http_requests_total", CHOSEN + ', status=~"4.."', "app_kubernetes_io_component, route, status"),
                  "{{app_kubernetes_io_component}} {{route}} {{status}}")),
            line("Slowest hundredth by route", "s", "99 of 100 requests are faster.",
                 *quantiles("http_request_duration_seconds", CHOSEN, "route")),
        )),
        ("Load", (
            line("Under way", "short", "Requests being worked on; at http.max_in_flight the next are refused.",
                 (f"sum by (pod) (http_requests_in_flight{{{CHOSEN}}})", "{{pod}}")),
            line("Refused at once", "reqps", "Requests that came while too many were under way.",
                 (rate("taskhub_requests_shed_total", CHOSEN, "pod"), "{{pod}}")),
            line("Live streams", "short", "Streams that are open, and those cut off as their client was too slow.",
                 (f"sum by (pod) (taskhub_streams_open{{{CHOSEN}}})", "open {{pod}}"),
                 (f"sum by (pod) (rate(taskhub_streams_dropped_total{{{CHOSEN}}}{RATE}))", "cut off a second {{pod}}")),
        )),
        ("Behind the gateway", (
            line("Answers of services", "reqps", "ok; error: a 5xx; refused, broken: no connection, or one that broke; timeout: none in time.",
                 (rate("taskhub_upstream_request_duration_seconds_count", CHOSEN, "upstream, outcome"), "{{upstream}} {{outcome}}"), width=12),
            line("Slowest hundredth of services", "s", "99 of 100 requests to the service are faster. Near the gateway's own time, the time is spent there.",
                 *quantiles("taskhub_upstream_request_duration_seconds", CHOSEN, "upstream"), width=12),
        )),
        ("Sign-in", (
            line("Sign-ins", "reqps", "By how they ended. Many bad_credentials may be somebody who guesses.",
                 (rate("taskhub_logins_total", CHOSEN, "method, outcome"), "{{method}} {{outcome}}"), width=12),
            line("Refreshes of tokens", "reqps", "By what became of them. reused: a token was shown again, and its session was ended.",
                 (rate("taskhub_token_refreshes_total", CHOSEN, "outcome"), "{{outcome}}"), width=12),
        )),
    ),
)  # fmt: skip

CONNECTIONS = Dashboard(
    "taskhub-connections", "Connections", "How the services get on with PostgreSQL and Redis, and what the processes use.",
    (
        ("PostgreSQL", (
            line("Connections", "short", "Shared ones are up or down; those of the pool are used while a request owns them.",
                 (f"sum by (app_kubernetes_io_component, pool, state) (taskhub_db_pool_connections{{{CHOSEN}}})",
                  "{{app_kubernetes_io_component}} {{pool}} {{state}}")),
            line("Share of the pool in use", "percentunit", "At 100 % the next request waits.",
                 (f'sum by (pod) (taskhub_db_pool_connections{{{CHOSEN}, state="used"}})'
                  f' / sum by (pod) (taskhub_db_pool_max_connections{{{CHOSEN}, pool="pool"}})', "{{pod}}"), bad=1),
            line("Requests that wait", "short", "Requests that wait for a connection of the pool.",
                 (f"sum by (pod) (taskhub_db_pool_waiting_requests{{{CHOSEN}}})", "{{pod}}")),
            line("Time to get a connection", "s", "With or without success.",
                 *quantiles("taskhub_db_pool_acquire_duration_seconds", CHOSEN, "app_kubernetes_io_component"), width=12),
            line("Waits that ended at the deadline", "reqps", "Each is a request refused with 503.",
                 (rate("taskhub_db_pool_timeouts_total", CHOSEN, "app_kubernetes_io_component, pool"),
                  "{{app_kubernetes_io_component}} {{pool}}"), width=12),
        )),
        ("Redis", (
            line("Time of a command", "s", "99 of 100 commands of worker are faster.",
                 *quantiles("taskhub_redis_command_duration_seconds", CHOSEN, "command"), width=12),
            line("Failed commands", "ops", "Effects are made without Redis when it fails.",
                 (rate("taskhub_redis_errors_total", CHOSEN, "kind"), "{{kind}}"), width=12),
        )),
        ("Processes", (
            line("CPU", "short", "Cores in use.", (f"sum by (pod) (rate(process_cpu_seconds_total{{{CHOSEN}}}{RATE}))", "{{pod}}")),
            line("Memory", "bytes", "Resident memory.", (f"sum by (pod) (process_resident_memory_bytes{{{CHOSEN}}})", "{{pod}}")),
            line("Open files", "short", "Open files and connections, and the most there may be.",
                 (f"sum by (pod) (process_open_fds{{{CHOSEN}}})", "{{pod}}"),
                 (f"min(process_max_fds{{{CHOSEN}}})", "most")),
            line("Uptime", "s", "Since the process was started: a fall is a restart.",
                 (f"min by (pod) (time() - process_start_time_seconds{{{CHOSEN}}})", "{{pod}}")),
        )),
    ),
)  # fmt: skip

WORK = Dashboard(
    "taskhub-work", "Tasks and events", "What people do with TaskHub, and whether its effects follow.",
    (
        ("Tasks", (
            number("Created", "short", "Tasks made in the chosen time.", f"sum(increase(taskhub_tasks_created_total{{{CHOSEN}}}[$__range]))"),
            number("Completed", "short", "Times that a task became completed, in the chosen time.",
                   f"sum(increase(taskhub_tasks_completed_total{{{CHOSEN}}}[$__range]))"),
            line("Tasks", "ops", "Tasks made and completed, a second.",
                 (f"sum(rate(taskhub_tasks_created_total{{{CHOSEN}}}{RATE}))", "created"),
                 (f"sum(rate(taskhub_tasks_completed_total{{{CHOSEN}}}{RATE}))", "completed"), width=16),
        )),
        ("Events on their way", (
            line("Events", "ops", "Published: put into the Redis stream. Direct: made without it, as Redis was away. Done, by effect.",
                 (f"sum(rate(taskhub_events_published_total{{{CHOSEN}}}{RATE}))", "published"),
                 (f"sum(rate(taskhub_events_direct_total{{{CHOSEN}}}{RATE}))", "direct"),
                 (rate("taskhub_events_consumed_total", CHOSEN, "effect"), "done: {{effect}}")),
            line("From change to effect", "s", "From an event's commit to that of its effects.",
                 *quantiles("taskhub_event_lag_seconds", CHOSEN)),
            line("Failed attempts", "ops", "An event is tried five times. envelope: what came wasn't an event.",
                 (rate("taskhub_events_failed_total", CHOSEN, "effect"), "{{effect}}")),
        )),
        ("Events that wait", (
            line("Waiting", "short", "Events whose effects are not done, counted up to 100,000.",
                 (f"max(taskhub_outbox_pending{{{IN_NAMESPACE}}})", "events"), bad=1000),
            line("Age of the oldest", "s", "How long the oldest of them has waited.",
                 (f"max(taskhub_outbox_oldest_seconds{{{IN_NAMESPACE}}})", "oldest"), bad=600),
            line("Dead letters", "short", "Events that were given up, until they are replayed.",
                 (f"max(taskhub_dead_letters{{{IN_NAMESPACE}}})", "dead letters"), bad=1),
        )),
    ),
)  # fmt: skip

DATABASE = f'{IN_NAMESPACE}, datname="taskhub"'

STORES = Dashboard(
    "taskhub-stores", "PostgreSQL and Redis", "What the exporters of postgres and redis tell; empty where there are none.",
    (
        ("PostgreSQL", (
            number("PostgreSQL", "bool_on_off", "Whether its exporter gets a connection.", f"max(pg_up{{{IN_NAMESPACE}}})", bad=1, more_is_better=True),
            number("Size", "bytes", "What TaskHub's database takes on disk.", f"max(pg_database_size_bytes{{{DATABASE}}})"),
            line("Connections", "short", "By state, and the most there may be.",
                 (f"sum by (state) (pg_stat_activity_count{{{DATABASE}}})", "{{state}}"),
                 (f"max(pg_settings_max_connections{{{IN_NAMESPACE}}})", "most"), width=8),
            line("Transactions", "ops", "Committed and rolled back.",
                 (f"sum(rate(pg_stat_database_xact_commit{{{DATABASE}}}{RATE}))", "committed"),
                 (f"sum(rate(pg_stat_database_xact_rollback{{{DATABASE}}}{RATE}))", "rolled back"), width=8),
            line("Found in memory", "percentunit", "Share of pages that did not have to be read from the file system.",
                 (f"sum(rate(pg_stat_database_blks_hit{{{DATABASE}}}{RATE})) / (sum(rate(pg_stat_database_blks_hit{{{DATABASE}}}{RATE}))"
                  f" + sum(rate(pg_stat_database_blks_read{{{DATABASE}}}{RATE})))", "in memory")),
            line("Rows", "ops", "Rows written, a second.",
                 (f"sum(rate(pg_stat_database_tup_inserted{{{DATABASE}}}{RATE}))", "inserted"),
                 (f"sum(rate(pg_stat_database_tup_updated{{{DATABASE}}}{RATE}))", "updated"),
                 (f"sum(rate(pg_stat_database_tup_deleted{{{DATABASE}}}{RATE}))", "deleted")),
            line("Locks and deadlocks", "short", "Locks that are held, by mode, and deadlocks a second.",
                 (f"sum by (mode) (pg_locks_count{{{DATABASE}}}) > 0", "{{mode}}"),
                 (f"sum(rate(pg_stat_database_deadlocks{{{DATABASE}}}{RATE}))", "deadlocks")),
            line("Longest transaction", "s", "A transaction that stays open keeps PostgreSQL from cleaning up.",
                 (f"max(pg_stat_activity_max_tx_duration{{{DATABASE}}})", "longest")),
        )),
        ("Redis", (
            number("Redis", "bool_on_off", "Whether its exporter gets a connection.", f"max(redis_up{{{IN_NAMESPACE}}})", bad=1, more_is_better=True),
            number("Clients", "short", "Connections to Redis.", f"sum(redis_connected_clients{{{IN_NAMESPACE}}})"),
            line("Memory", "bytes", "In use, and the most there may be; 0 is no bound but the container's.",
                 (f"max(redis_memory_used_bytes{{{IN_NAMESPACE}}})", "used"),
                 (f"max(redis_memory_max_bytes{{{IN_NAMESPACE}}})", "most"), width=8),
            line("Commands", "ops", "By command.",
                 (f"sum by (cmd) (rate(redis_commands_total{{{IN_NAMESPACE}}}{RATE}))", "{{cmd}}"), width=8),
            line("Time of a command", "s", "The mean of each command, without the network. A read that waits for events takes its time.",
                 (f"sum by (cmd) (rate(redis_commands_duration_seconds_total{{{IN_NAMESPACE}}}{RATE}))"
                  f" / sum by (cmd) (rate(redis_commands_total{{{IN_NAMESPACE}}}{RATE}) > 0)", "{{cmd}}")),
            line("Evicted and rejected", "ops", "Keys thrown away for want of memory, and connections refused.",
                 (f"sum(rate(redis_evicted_keys_total{{{IN_NAMESPACE}}}{RATE}))", "evicted keys"),
                 (f"sum(rate(redis_rejected_connections_total{{{IN_NAMESPACE}}}{RATE}))", "rejected connections")),
        )),
    ),
    chooses=False,
)  # fmt: skip

ALL = (OVERVIEW, REQUESTS, CONNECTIONS, WORK, STORES)
