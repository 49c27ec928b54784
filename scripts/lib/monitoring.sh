# shellcheck shell=bash
# The checks of rules, dashboards, runbooks and traces: against their schemas, and against a TaskHub that runs.

MONITORING_DIR=scripts/monitoring.d
MONITORING_PROCESSES=(prometheus postgres-exporter redis-exporter others-metrics rotel)
MONITORING_PYTHON=

have_prometheus() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }
have_postgres_exporter() { command -v prometheus-postgres-exporter >/dev/null; }
have_redis_exporter() { command -v prometheus-redis-exporter >/dev/null; }

# monitoring_packages: notes what packages_install shall install.
monitoring_packages() {
  packages_want have_python python3 python3-venv
  packages_want have_prometheus prometheus
  packages_want have_postgres_exporter prometheus-postgres-exporter
  packages_want have_redis_exporter prometheus-redis-exporter
}

# monitoring_tools: what comes from Python's and JavaScript's registries; made anew when the lists of it change.
monitoring_tools() {
  tool_environment monitoring "$MONITORING_DIR/requirements.txt" 'what reads rules and receives traces'
  MONITORING_PYTHON=$TOOL_ENVIRONMENT/bin/python3
  monitoring_schemas
}

# monitoring_schemas: JSON schemas of Grafana's dashboards, made from the types that Grafana publishes.
monitoring_schemas() {
  local wanted=$MONITORING_DIR/package.json
  MONITORING_SCHEMAS=$TOOLS_DIR/grafana-schemas-$(cat "$wanted" "$MONITORING_DIR/schemas" | sha256sum | cut -c 1-12)
  if [[ ! -e $MONITORING_SCHEMAS/complete ]]; then
    rm -rf "$MONITORING_SCHEMAS"
    mkdir -p "$MONITORING_SCHEMAS"
    cp "$wanted" "$MONITORING_SCHEMAS/"
    say_while "making schemas from Grafana's types" "$LOG_DIR/grafana-schemas.log" monitoring_make_schemas "$MONITORING_SCHEMAS" ||
      die "the schemas can't be made; the whole output is in $LOG_DIR/grafana-schemas.log"
    touch "$MONITORING_SCHEMAS/complete"
  fi
  export MONITORING_SCHEMAS
}

# monitoring_make_schemas DIR: a line of the file `schemas` is a schema's name, a file of types, and the type in it.
monitoring_make_schemas() {
  local name file type
  npm --prefix "$1" install --no-audit --no-fund --ignore-scripts || return
  while read -r name file type; do
    "$1/node_modules/.bin/ts-json-schema-generator" --no-type-check --type "$type" --out "$1/$name.json" \
      --path "$1/node_modules/@grafana/schema/dist/types/raw/$file/x/types.gen.d.ts" || return
  done <"$MONITORING_DIR/schemas"
  rm -rf "$1/node_modules"
}

# monitoring_files: what can be said of the files alone.
monitoring_files() {
  monitoring_python generate.py --check
  promtool check rules helm/taskhub/files/rules/*.yaml >"$LOG_DIR/promtool.log" || { cat "$LOG_DIR/promtool.log" >&2 && return 1; }
  # Each file by a process of its own: they take their time one after the other.
  local file pids=() pid failed=0
  for file in helm/tests/rules/*.yaml; do
    promtool test rules "$file" >"$LOG_DIR/promtool-${file##*/}.log" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  if ((failed)); then cat "$LOG_DIR"/promtool-*.yaml.log >&2 && return 1; fi
  monitoring_python check_files.py
}

monitoring_python() { "$MONITORING_PYTHON" -B "$MONITORING_DIR/$1" "${@:2}"; }

# monitoring_live BIN_DIR: a TaskHub of its own on the database `taskhub` of ADMIN_URL, watched by Prometheus and its
# exporters; every expression must give something, and a trace must arrive as one.
monitoring_live() {
  local base ports name
  base=$(port_random 4)
  ports=$(port_random 8)
  local TASKHUB_PORT_BASE=$base
  MONITORING_PROMETHEUS=http://127.0.0.1:$ports
  MONITORING_TRACES=$LOG_DIR/rotel.log
  MONITORING_GATEWAY=$(service_address api-gateway)
  export MONITORING_PROMETHEUS MONITORING_TRACES MONITORING_GATEWAY

  process_start rotel "$MONITORING_TRACES" "$(monitoring_rotel)" start --exporter blackhole \
    --otlp-grpc-endpoint "127.0.0.1:$((ports + 1))" --otlp-http-endpoint "127.0.0.1:$((ports + 2))" \
    --debug-log traces --debug-log-verbosity detailed --log-format json
  process_await rotel "$MONITORING_TRACES" 20 port_taken $((ports + 2)) || die "rotel doesn't start"
  # Short, so that a trace doesn't take seconds to arrive.
  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$((ports + 2)) OTEL_BSP_SCHEDULE_DELAY=200
  for name in auth-service task-service api-gateway; do service_start "$name" "$1"; done
  for name in auth-service task-service; do service_await "$name"; done

  monitoring_exporters "$ports"
  monitoring_prometheus "$ports"
  process_await api-gateway "$LOG_DIR/api-gateway.log" 60 curl -fsS -m 5 "$MONITORING_GATEWAY/health"
  # Without worker some requests fail, which is what some of the panels are for.
  monitoring_python load.py without-worker
  service_start worker "$1"
  service_await worker
  unset OTEL_EXPORTER_OTLP_ENDPOINT OTEL_BSP_SCHEDULE_DELAY
  monitoring_python load.py
  monitoring_python check_live.py
  monitoring_python check_traces.py
  monitoring_runbooks
}

monitoring_rotel() { "$MONITORING_PYTHON" -c 'import pathlib, rotel; print(pathlib.Path(rotel.__file__).parent / "rotel-agent")'; }

# monitoring_exporters PORTS: those of PostgreSQL and Redis, and what Kubernetes' exporters would tell.
monitoring_exporters() {
  DATA_SOURCE_NAME="$ADMIN_URL?sslmode=disable" process_start postgres-exporter "$LOG_DIR/postgres-exporter.log" \
    prometheus-postgres-exporter --web.listen-address="127.0.0.1:$(($1 + 3))"
  local authority=${EVENTS_REDIS_URL#*@} password=${EVENTS_REDIS_URL#*://*:}
  REDIS_ADDR=redis://${authority%%/*} REDIS_PASSWORD=${password%%@*} process_start redis-exporter "$LOG_DIR/redis-exporter.log" \
    prometheus-redis-exporter -web.listen-address "127.0.0.1:$(($1 + 4))"
  process_start others-metrics "$LOG_DIR/others-metrics.log" \
    python3 -m http.server --bind 127.0.0.1 --directory "$MONITORING_DIR/exposition" $(($1 + 5))
  local offset names=(postgres-exporter redis-exporter others-metrics)
  for offset in 0 1 2; do
    process_await "${names[offset]}" "$LOG_DIR/${names[offset]}.log" 20 port_taken $(($1 + 3 + offset)) ||
      die "${names[offset]} doesn't start"
  done
}

# monitoring_prometheus PORTS: scrapes what is there every second, with the labels that the chart's monitors give.
monitoring_prometheus() {
  local config=$RUN_DIR/prometheus.yaml name
  {
    printf '%s\n' 'global: {scrape_interval: 1s, evaluation_interval: 1s}' "rule_files: ['$ROOT/helm/taskhub/files/rules/*.yaml']" \
      'scrape_configs:'
    for name in "${SERVICES[@]}"; do
      monitoring_target "$name" "$(service_management_port "$name")" "app_kubernetes_io_component: $name"
    done
    monitoring_target postgres-exporter $(($1 + 3)) 'app_kubernetes_io_component: postgres'
    monitoring_target redis-exporter $(($1 + 4)) 'app_kubernetes_io_component: redis'
    monitoring_target others-metrics $(($1 + 5)) 'app_kubernetes_io_component: others' '/kubernetes.prom'
  } >"$config"
  rm -rf "$RUN_DIR/prometheus"
  process_start prometheus "$LOG_DIR/prometheus.log" prometheus --config.file="$config" \
    --storage.tsdb.path="$RUN_DIR/prometheus" --web.listen-address="127.0.0.1:$1" --log.level=warn
  process_await prometheus "$LOG_DIR/prometheus.log" 30 curl -fsS -m 5 "$MONITORING_PROMETHEUS/-/ready" ||
    die "Prometheus doesn't start"
}

# monitoring_target NAME PORT LABEL [PATH]
monitoring_target() {
  printf '%s\n' "- {job_name: $1, metrics_path: '${4:-/metrics}', honor_labels: true, static_configs: [{targets: ['127.0.0.1:$2'], labels: {namespace: taskhub, pod: $1-0, $3}}]}"
}

# monitoring_runbooks: every statement in SQL that a text tells somebody to send is understood by PostgreSQL.
monitoring_runbooks() {
  local sql url=$ADMIN_URL port password sent=0
  password=${url#*://*:} port=${url##*:}
  while read -r sql; do
    postgres_query "${port%%/*}" "${password%%@*}" taskhub "$sql" >"$LOG_DIR/runbook.log" 2>&1 || {
      cat "$LOG_DIR/runbook.log" >&2
      die "PostgreSQL refuses what a text says: $sql"
    }
    sent=$((sent + 1))
  done < <(sed -n "s/.* psql -U postgres taskhub -c [\"']\(.*\)[\"']\$/\1/p" docs/runbooks/*.md deploy/monitoring/README.md)
  ((sent)) || die 'no text tells anybody to send a statement'
  say "PostgreSQL understands the $sent statements that runbooks name"
}

# monitoring_stop: whatever monitoring_live started, however it ended.
monitoring_stop() {
  local name
  for name in "${SERVICES[@]}" "${MONITORING_PROCESSES[@]}"; do
    process_stop "$name" &
  done
  wait
}
