# shellcheck shell=bash
# Where things lie. Every script loads this first.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CACHE_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/taskhub

# run_in DIR: what runs keeps its state in DIR; `.run` in the checkout, or a test's temporary directory.
run_in() {
  RUN_DIR=$1
  LOG_DIR=$RUN_DIR/log
  PID_DIR=$RUN_DIR/pid
  SECRETS_DIR=$RUN_DIR/secrets
  if ! mkdir -p "$LOG_DIR" "$PID_DIR" "$CACHE_DIR" || [[ ! -w $RUN_DIR || ! -w $LOG_DIR || ! -w $PID_DIR ]]; then
    die "$RUN_DIR and $CACHE_DIR must belong to you: did another user run this here before?"
  fi
  chmod 700 "$LOG_DIR"
}

# run_lock: `up` and `down` take turns; the lock goes with the process that holds descriptor 9.
run_lock() {
  exec 9>"$RUN_DIR/lock"
  flock -w 1 9 || die "another ./scripts/up or ./scripts/down is at work here"
}

# The local run takes this port and the three after it, and the same plus 1000 for metrics.
TASKHUB_PORT_BASE=${TASKHUB_PORT_BASE:-8080}
