# shellcheck shell=bash
# The two commands that the README begins with, tried as a newcomer would: a copy of the checkout, in a directory that
# only its owner may enter, on ports of its own.

TWO_COMMANDS_DIR=

# What the first ./scripts/up started.
TWO_COMMANDS_PIDS=

two_commands_up() {
  TWO_COMMANDS_DIR=$(mktemp -d "${TMPDIR:-/tmp}/taskhub-two-commands.XXXXXX")
  TWO_COMMANDS_PORT=$(port_random 12)
  tar -C "$ROOT" --exclude=./.git --exclude=./.run --exclude=./target --exclude=node_modules --exclude=./frontend/dist -cf - . |
    tar -C "$TWO_COMMANDS_DIR" -xf -

  two_commands_run 'first up' up --dev
  (($(two_commands_tasks 'first up') == 12)) || die 'the printed curl line does not answer with the twelve demo tasks'
  TWO_COMMANDS_PIDS=$(two_commands_pids)

  two_commands_run 'second up' up --dev
  [[ $(two_commands_pids) == "$TWO_COMMANDS_PIDS" ]] || die 'the second ./scripts/up restarted something'
  (($(two_commands_tasks 'second up') == 12)) || die 'the second ./scripts/up changed the demo data'

  curl -fsS "http://localhost:$TWO_COMMANDS_PORT/" | grep -q '<title>TaskHub' || die 'the page is not at the printed address'
}

two_commands_down() {
  local pid state
  two_commands_run 'down' down --purge
  [[ ! -e $TWO_COMMANDS_DIR/.run ]] || die './scripts/down --purge left .run'
  while read -r pid _; do
    # A zombie is nobody's fault but that of a container's first process.
    state=$(sed 's/.*) \(.\).*/\1/' "/proc/$pid/stat" 2>/dev/null || echo Z)
    [[ $state == Z ]] || die "./scripts/down left process $pid"
  done <<<"$TWO_COMMANDS_PIDS"
  rm -rf "$TWO_COMMANDS_DIR"
  TWO_COMMANDS_DIR=
}

# two_commands_run LABEL SCRIPT ARGUMENT…: in the copy, its output in a log.
two_commands_run() {
  local label=$1 script=$2
  shift 2
  say_while "./scripts/$script $* ($label)" "$LOG_DIR/$label.log" env TASKHUB_PORT_BASE="$TWO_COMMANDS_PORT" \
    TASKHUB_POSTGRES_PORT=$((TWO_COMMANDS_PORT + 10)) TASKHUB_REDIS_PORT=$((TWO_COMMANDS_PORT + 11)) \
    "$TWO_COMMANDS_DIR/scripts/$script" "$@" || die "./scripts/$script failed"
}

# two_commands_tasks LABEL: runs the curl line that this run printed, and counts the tasks in its answer.
two_commands_tasks() { bash -c "$(grep '^curl ' "$LOG_DIR/$1.log")" | grep -o '"number" *:' | wc -l; }

two_commands_pids() { cat "$TWO_COMMANDS_DIR"/.run/pid/{postgres,redis,auth-service,task-service,worker,api-gateway}; }

# two_commands_clean_up: leaves nothing running, however the test ended.
two_commands_clean_up() {
  [[ -n $TWO_COMMANDS_DIR ]] || return 0
  "$TWO_COMMANDS_DIR/scripts/down" --purge >/dev/null 2>&1 || true
  rm -rf "$TWO_COMMANDS_DIR"
}
