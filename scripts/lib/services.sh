# shellcheck shell=bash
# The four services: their ports, what each is told, and how they are migrated, started and asked.

SERVICES=(auth-service task-service worker api-gateway)
SERVICES_WITH_SCHEMA=(auth-service task-service worker)

# service_port NAME: the gateway has TASKHUB_PORT_BASE, the others follow it.
service_port() {
  case $1 in
    api-gateway) echo $((TASKHUB_PORT_BASE)) ;;
    auth-service) echo $((TASKHUB_PORT_BASE + 1)) ;;
    task-service) echo $((TASKHUB_PORT_BASE + 2)) ;;
    worker) echo $((TASKHUB_PORT_BASE + 3)) ;;
  esac
}

service_management_port() { echo $(($(service_port "$1") + 1000)); }

service_address() { echo "http://127.0.0.1:$(service_port "$1")"; }

service_role() {
  case $1 in
    auth-service) echo taskhub_auth ;;
    task-service) echo taskhub_tasks ;;
    worker) echo taskhub_worker ;;
  esac
}

# service_settings NAME: exports what NAME reads; called in a subshell. Other TASKHUB__ variables pass through as they
# are; what only the scripts read, the superuser's URL among it, doesn't get there.
service_settings() {
  local name=$1 variable
  for variable in "${!TASKHUB_@}" DATABASE_URL REDIS_URL; do
    [[ $variable == TASKHUB__* ]] || export -n "${variable?}"
  done
  export TASKHUB__HTTP__HOST=${TASKHUB__HTTP__HOST:-127.0.0.1} TASKHUB__LOG__FORMAT=${TASKHUB__LOG__FORMAT:-json}
  TASKHUB__HTTP__PORT=$(service_port "$name")
  TASKHUB__HTTP__MANAGEMENT_PORT=$(service_management_port "$name")
  export TASKHUB__HTTP__PORT TASKHUB__HTTP__MANAGEMENT_PORT
  unset TASKHUB__DATABASE__ADMIN_URL
  if [[ $name != api-gateway ]]; then unset TASKHUB__PAGE__DIR; fi
  # The allocator takes its first memory when it needs it: 12 MiB less a service, see docs/decisions/0009.
  export MIMALLOC_ARENA_EAGER_COMMIT=${MIMALLOC_ARENA_EAGER_COMMIT:-0}

  if [[ $name != api-gateway ]]; then
    TASKHUB__DATABASE__URL=$(postgres_url_as "$ADMIN_URL" "$(service_role "$name")" "$(role_password "$name")")
    export TASKHUB__DATABASE__URL
  fi
  if [[ $name == auth-service ]]; then
    TASKHUB__TOKENS__MASTER_KEY=$MASTER_KEY
    export TASKHUB__TOKENS__MASTER_KEY
  else
    TASKHUB__AUTH__JWKS_URL=$(service_address auth-service)/.well-known/jwks.json
    export TASKHUB__AUTH__JWKS_URL
  fi
  case $name in
    worker) export TASKHUB__REDIS__URL=$EVENTS_REDIS_URL ;;
    api-gateway)
      TASKHUB__UPSTREAMS__AUTH_SERVICE=$(service_address auth-service)
      TASKHUB__UPSTREAMS__TASK_SERVICE=$(service_address task-service)
      TASKHUB__UPSTREAMS__WORKER=$(service_address worker)
      export TASKHUB__UPSTREAMS__AUTH_SERVICE TASKHUB__UPSTREAMS__TASK_SERVICE TASKHUB__UPSTREAMS__WORKER
      ;;
  esac
}

# services_migrate BIN_DIR: in the order in which one schema's views are granted to the next one's role.
services_migrate() {
  local name
  for name in "${SERVICES_WITH_SCHEMA[@]}"; do
    (
      service_settings "$name"
      export TASKHUB__DATABASE__ADMIN_URL=$ADMIN_URL
      "$1/$name" migrate >"$LOG_DIR/migrate-$name.log" 2>&1
    ) || {
      tail -n 15 "$LOG_DIR/migrate-$name.log" | sed 's/^/   | /' >&2
      die "$name could not migrate its schema"
    }
  done
}

# service_fingerprint BINARY: of the binary, of the settings in the environment, and of the page, which the gateway holds in
# memory: when it changes, a restart is due.
service_fingerprint() {
  {
    sha256sum <"$1"
    env -0 | sort -z | grep -z '^TASKHUB__'
    if [[ -n ${TASKHUB__PAGE__DIR:-} ]]; then cat "$TASKHUB__PAGE__DIR/.fingerprint" 2>/dev/null || true; fi
  } | sha256sum | cut -d ' ' -f 1
}

# service_start NAME BIN_DIR: leaves one alone that runs the same binary with the same settings.
service_start() (
  local name=$1 binary=$2/$1 log=$LOG_DIR/$1.log fingerprint port
  service_settings "$name"
  fingerprint=$(service_fingerprint "$binary")
  if process_runs "$name"; then
    if [[ $(cat "$PID_DIR/$name.fingerprint" 2>/dev/null) == "$fingerprint" ]]; then
      say "$name runs already"
      return
    fi
    say "$name has changed: restarting it"
    process_stop "$name"
  fi
  for port in "$TASKHUB__HTTP__PORT" "$TASKHUB__HTTP__MANAGEMENT_PORT"; do
    if port_taken "$port"; then
      die "something else listens on port $port, which $name needs: stop it, or set TASKHUB_PORT_BASE"
    fi
  done
  process_start "$name" "$log" "$binary" serve
  printf '%s\n' "$fingerprint" >"$PID_DIR/$name.fingerprint"
)

service_ready() { curl -fsS -m 5 "$(service_address "$1")/health/ready"; }

# service_await NAME: ready within a minute, or why not.
service_await() {
  if ! process_await "$1" "$LOG_DIR/$1.log" 60 service_ready "$1"; then
    curl -sS -m 5 "$(service_address "$1")/health/ready" 2>/dev/null | sed 's/^/   | /' >&2 || true
    die "$1 isn't ready"
  fi
}

# services_stop: all at once, since each may take its time to finish what is in flight.
services_stop() {
  local name
  for name in "${SERVICES[@]}"; do
    if process_runs "$name"; then say "stopping $name"; fi
    process_stop "$name" &
    rm -f "$PID_DIR/$name.fingerprint"
  done
  wait
}
