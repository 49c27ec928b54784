# shellcheck shell=bash
# TCP ports on the loopback interface.

port_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# port_free_from FIRST: the first free port from FIRST on.
port_free_from() {
  local port=$1
  while port_taken "$port"; do port=$((port + 1)); done
  printf '%s\n' "$port"
}

# port_random [COUNT]: the first of COUNT neighbouring free ports, below the range that the kernel gives to
# outgoing connections, so that none of those takes it between here and its use.
port_random() {
  local count=${1:-1} first offset
  while true; do
    first=$((20000 + RANDOM % 12000))
    for ((offset = 0; offset < count; offset++)); do
      if port_taken $((first + offset)); then continue 2; fi
    done
    printf '%s\n' "$first"
    return
  done
}

# port_keep NAME PORT: PORT or the next free one, remembered for port_kept and the next start.
port_keep() {
  mkdir -p "$RUN_DIR/port"
  port_free_from "$2" >"$RUN_DIR/port/$1"
}

port_kept() { cat "$RUN_DIR/port/$1" 2>/dev/null; }
