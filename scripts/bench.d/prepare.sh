# shellcheck shell=bash
# What scripts/bench and scripts/scale need: programs, a release build, PostgreSQL and Redis of their own, the schemas.

BENCH_DIR=$CACHE_DIR/bench
BENCH_PID=

role_password() { secret "role-$1"; }

# bench_run COMMAND…: prepares everything, then runs the command with what it has to know in its environment.
# The servers stop with the script, however it ends.
bench_run() {
  run_in "$ROOT/.run/bench"
  run_lock
  trap bench_finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  TASKHUB_PORT_BASE=$(port_random 4)

  say_heading 'What the measurements need'
  bench_programs
  say 'all there'
  say_heading 'Build (release)'
  bench_build
  say_heading 'Servers'
  bench_servers
  # In the background, so that a signal doesn't have to wait for it.
  "$BENCH_PYTHON_BIN/python3" -B "$@" &
  BENCH_PID=$!
  wait "$BENCH_PID"
}

# The logs stay; the data, which may be many gigabytes, doesn't.
bench_finish() {
  local status=$?
  trap - EXIT
  if [[ -n $BENCH_PID ]] && kill "$BENCH_PID" 2>/dev/null; then wait "$BENCH_PID" || true; fi
  process_stop redis
  postgres_stop postgres
  servers_remove
  rm -rf "$RUN_DIR/servers-home" "$RUN_DIR/work" "$RUN_DIR/environments"
  if ((status)); then printf '%sfailed%s (logs: %s)\n' "$SAY_RED" "$SAY_OFF" "$LOG_DIR"; fi
  exit "$status"
}

have_nginx() { [[ -n $(bench_nginx) ]]; }
have_node() { command -v node >/dev/null && command -v npm >/dev/null; }

# A user's PATH often lacks /usr/sbin.
bench_nginx() { PATH=$PATH:/usr/sbin:$BENCH_DIR/nginx/usr/sbin command -v nginx; }

bench_programs() {
  rust_plan
  packages_want have_curl curl ca-certificates
  packages_want have_compiler gcc libc6-dev
  packages_want have_postgres postgresql
  packages_want have_redis redis-server
  packages_want have_python python3 python3-venv
  if $BENCH_REFERENCES; then packages_want have_node nodejs npm; fi
  packages_install
  server_user_choose
  rust_want
  mkdir -p "$BENCH_DIR"
  bench_python
  if $BENCH_REFERENCES; then
    bench_install_nginx
    bench_node
  fi
  (cd scripts/bench.d/load && cargo build --quiet --release --locked --target-dir "$BENCH_DIR/target")
  export BENCH_LOAD=$BENCH_DIR/target/release/load BENCH_VERIFIER=$BENCH_DIR/target/release/verifier
}

# A virtual environment of its own; made anew when the list of what is in it changes.
bench_python() {
  local wanted=scripts/bench.d/references/requirements.txt dir
  dir=$BENCH_DIR/python-$(sha256sum <"$wanted" | cut -c 1-12)
  if [[ ! -e $dir/complete ]]; then
    rm -rf "$dir"
    python3 -m venv "$dir"
    say_while 'installing FastAPI, Celery and what they need' "$LOG_DIR/pip.log" \
      "$dir/bin/pip" install --disable-pip-version-check --quiet --requirement "$wanted" || die "pip can't install $wanted"
    touch "$dir/complete"
  fi
  export BENCH_PYTHON_BIN=$dir/bin
}

bench_node() {
  local wanted=scripts/bench.d/references/package.json dir
  dir=$BENCH_DIR/node-$(sha256sum <"$wanted" | cut -c 1-12)
  if [[ ! -e $dir/complete ]]; then
    rm -rf "$dir"
    mkdir -p "$dir"
    cp "$wanted" "$dir/"
    say_while 'installing BullMQ and what it needs' "$LOG_DIR/npm.log" \
      npm --prefix "$dir" install --no-audit --no-fund || die "npm can't install $wanted"
    touch "$dir/complete"
  fi
  export BENCH_NODE_MODULES=$dir
}

# Unpacked rather than installed: the package would start an nginx on port 80.
bench_install_nginx() {
  if ! have_nginx; then
    if ! command -v apt-get >/dev/null; then die 'nginx is missing: install it and run this again'; fi
    rm -rf "$BENCH_DIR/nginx"
    mkdir -p "$BENCH_DIR/nginx"
    say_while 'fetching nginx' "$LOG_DIR/nginx-package.log" bench_fetch_nginx || die "can't fetch nginx's package"
  fi
  BENCH_NGINX=$(bench_nginx)
  export BENCH_NGINX
}

bench_fetch_nginx() {
  cd "$BENCH_DIR/nginx" || return
  apt-get -q download nginx || { packages_update && apt-get -q download nginx; } || return
  dpkg-deb --extract nginx_*.deb .
}

bench_build() {
  BENCH_BIN_DIR=${TASKHUB_BENCH_BIN_DIR:-}
  if [[ -n $BENCH_BIN_DIR ]]; then
    say "what lies in TASKHUB_BENCH_BIN_DIR"
  else
    cargo build --locked --release --bins
    BENCH_BIN_DIR=$(rust_profile_dir release)
  fi
  export BENCH_BIN_DIR
}

# As ./scripts/up starts them: every commit waits for the disk.
bench_servers() {
  local home password redis_password port redis_port name
  home=$(servers_home)
  password=$(secret postgres) redis_password=$(secret redis)
  port=$(port_random) redis_port=$(port_random)
  # What an earlier run left behind would make this one different.
  process_stop redis
  postgres_stop postgres
  rm -rf "$home/postgres" "$LOG_DIR"/*.log
  postgres_create "$home/postgres" "$password"
  # The prefix lets capture.py tell who executed a statement.
  postgres_start postgres "$home/postgres" "$port" "$password" -c max_connections=200 -c log_line_prefix='<%u> '
  say "PostgreSQL listens on port $port"
  redis_start redis "$home/redis" "$redis_port" "$redis_password"
  say "Redis listens on port $redis_port"
  postgres_create_database "$port" "$password" taskhub
  ADMIN_URL=postgres://$POSTGRES_SUPERUSER:$password@127.0.0.1:$port/taskhub
  EVENTS_REDIS_URL=$(redis_url "$redis_port" "$redis_password")
  MASTER_KEY=$(secret master-key random_key)
  # Tokens are made once and have to last until the end.
  export TASKHUB__TOKENS__ACCESS_TOKEN_S=${TASKHUB__TOKENS__ACCESS_TOKEN_S:-14400}
  # What is counted for a team's quota costs the same; only its bound is out of reach.
  export TASKHUB__QUOTA__CHANGES_PER_MINUTE=${TASKHUB__QUOTA__CHANGES_PER_MINUTE:-4000000000}
  export TASKHUB__QUOTA__MIB_PER_MINUTE=${TASKHUB__QUOTA__MIB_PER_MINUTE:-4000000000}
  services_migrate "$BENCH_BIN_DIR"

  export BENCH_ADMIN_URL=$ADMIN_URL BENCH_REDIS_URL=$EVENTS_REDIS_URL BENCH_LOG_DIR=$LOG_DIR
  export BENCH_POSTGRES_LOG=$LOG_DIR/postgres.log BENCH_ENVIRONMENTS=$RUN_DIR/environments BENCH_WORK_DIR=$RUN_DIR/work
  BENCH_POSTGRES_BIN=$(postgres_bin)
  export BENCH_POSTGRES_BIN
  rm -rf "$BENCH_ENVIRONMENTS" "$BENCH_WORK_DIR"
  mkdir -p "$BENCH_WORK_DIR"
  (umask 077 && mkdir -p "$BENCH_ENVIRONMENTS")
  for name in "${SERVICES[@]}"; do
    (umask 077 && service_settings "$name" && env -0 | grep -zE '^(TASKHUB__|MIMALLOC_)' >"$BENCH_ENVIRONMENTS/$name")
  done
}
