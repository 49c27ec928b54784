# shellcheck shell=bash
# A private PostgreSQL: a cluster of its own on a port of its own, beside whatever else runs on the machine.

POSTGRES_OLDEST=15
POSTGRES_SUPERUSER=postgres

# postgres_bin: where the newest server's programs lie; fails when none is new enough.
postgres_bin() {
  local dir version
  while read -r dir; do
    [[ -x $dir/postgres && -x $dir/initdb && -x $dir/psql ]] || continue
    version=$("$dir/postgres" --version)
    if ! [[ $version =~ [0-9]+ ]] || ((BASH_REMATCH[0] < POSTGRES_OLDEST)); then continue; fi
    printf '%s\n' "$dir"
    return
  done < <(
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
    dirname "$(command -v postgres || echo /nowhere/postgres)"
  )
  return 1
}

# postgres_create DIR PASSWORD: an empty cluster in DIR, unless there is one.
postgres_create() {
  local dir=$1 password=$2 log=$LOG_DIR/initdb.log
  if [[ -f $dir/PG_VERSION ]]; then return; fi
  server_directory "$dir"
  server_file "$dir.password" <<<"$password"
  # The working directory may be one that the server user can't enter.
  if ! (cd / && LC_ALL=C.UTF-8 "${SERVER_USER[@]}" "$(postgres_bin)/initdb" --pgdata="$dir" --pwfile="$dir.password" \
    --username="$POSTGRES_SUPERUSER" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8) >"$log" 2>&1; then
    rm -f "$dir.password"
    tail -n 15 "$log" >&2
    die "can't create a PostgreSQL cluster in $dir"
  fi
  rm -f "$dir.password"
}

# postgres_start NAME DIR PORT PASSWORD [-c SETTING=VALUE]…: TCP on loopback only; no socket in a shared directory.
postgres_start() {
  local name=$1 dir=$2 port=$3 password=$4 log=$LOG_DIR/postgres.log
  shift 4
  process_start "$name" "$log" "${SERVER_USER[@]}" "$(postgres_bin)/postgres" -D "$dir" -c port="$port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_preload_libraries= "$@"
  process_await "$name" "$log" 60 postgres_query "$port" "$password" postgres 'SELECT 1' ||
    die "PostgreSQL doesn't start"
}

# postgres_query PORT PASSWORD DATABASE SQL: what psql prints, values only.
postgres_query() {
  PGPASSWORD=$2 PGCONNECT_TIMEOUT=5 PGOPTIONS='' "$(postgres_bin)/psql" -XqAt -v ON_ERROR_STOP=1 \
    -h 127.0.0.1 -p "$1" -U "$POSTGRES_SUPERUSER" -d "$3" -c "$4"
}

# postgres_create_database PORT PASSWORD DATABASE: unless it's there.
postgres_create_database() {
  if [[ -z $(postgres_query "$1" "$2" postgres "SELECT 1 FROM pg_database WHERE datname = '$3'") ]]; then
    postgres_query "$1" "$2" postgres "CREATE DATABASE $3"
  fi
}

# SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave. SIGQUIT is the crash it recovers from.
postgres_stop() { process_stop "$1" INT QUIT; }

# postgres_url_as URL ROLE PASSWORD: the same server and database, as another role.
postgres_url_as() {
  local rest=${1#*://} authority
  authority=${rest%%[/?]*}
  printf '%s://%s:%s@%s%s\n' "${1%%://*}" "$2" "$3" "${authority##*@}" "${rest#"$authority"}"
}
