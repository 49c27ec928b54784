# shellcheck shell=bash
# Processes that outlive the script that started them, one file each in PID_DIR: "<pid> <start time> <boot>".

PROCESS_PATIENCE_SECONDS=15

# process_identity PID: what tells this process from a later one that got the same number; fails when it's gone.
process_identity() {
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The second field, the name in brackets, may itself hold spaces and brackets.
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] || return 1
  printf '%s %s\n' "${fields[19]}" "$(</proc/sys/kernel/random/boot_id)"
}

# process_pid NAME: the pid of what process_start started under NAME, if that very process still runs.
process_pid() {
  local pid identity
  { read -r pid identity <"$PID_DIR/$1"; } 2>/dev/null || return 1
  [[ $(process_identity "$pid") == "$identity" ]] || return 1
  printf '%s\n' "$pid"
}

process_runs() { process_pid "$1" >/dev/null; }

# process_start NAME LOG COMMAND…: in a session of its own, so that closing the terminal doesn't reach it.
process_start() {
  local name=$1 log=$2 pid
  shift 2
  # 9 is the lock of `up`: inherited, it would stay locked for as long as the process lives.
  setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
  pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(process_identity "$pid")" >"$PID_DIR/$name"
}

# process_stop NAME [SIGNAL [LAST_SIGNAL]]: asks, waits, and only then insists.
process_stop() {
  local name=$1 signal=${2:-TERM} last=${3:-KILL} pid waited
  if pid=$(process_pid "$name"); then
    kill -"$signal" "$pid" 2>/dev/null || true
    for ((waited = 0; waited < PROCESS_PATIENCE_SECONDS * 10; waited++)); do
      process_runs "$name" || break
      sleep 0.1
    done
    if process_runs "$name"; then
      say_warning "$name didn't stop within $PROCESS_PATIENCE_SECONDS s: sending it SIG$last"
      kill -"$last" "$pid" 2>/dev/null || true
      while process_runs "$name"; do sleep 0.1; done
    fi
  fi
  rm -f "$PID_DIR/$name"
}

# process_await NAME LOG SECONDS CHECK…: until CHECK succeeds, the process is gone, or the time is up.
process_await() {
  local name=$1 log=$2 seconds=$3 started=$SECONDS
  shift 3
  until "$@" >/dev/null 2>&1; do
    if ! process_runs "$name"; then
      say_warning "$name stopped right away; the end of $log:"
    elif ((SECONDS - started >= seconds)); then
      say_warning "$name isn't ready after $seconds s; the end of $log:"
    else
      sleep 0.1
      continue
    fi
    tail -n 15 "$log" | sed 's/^/   | /' >&2
    return 1
  done
}
