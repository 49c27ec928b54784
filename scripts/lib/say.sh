# shellcheck shell=bash
# What the scripts say to people: plain lines, colour only on a terminal that wants it.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  SAY_BOLD=$'\e[1m' SAY_DIM=$'\e[2m' SAY_RED=$'\e[31m' SAY_OFF=$'\e[0m'
else
  SAY_BOLD='' SAY_DIM='' SAY_RED='' SAY_OFF=''
fi

say_heading() { printf '\n%s── %s%s\n' "$SAY_BOLD" "$*" "$SAY_OFF"; }
say() { printf '   %s\n' "$*"; }
say_warning() { printf '%s   %s%s\n' "$SAY_RED" "$*" "$SAY_OFF" >&2; }

die() {
  printf '%s%s: %s%s\n' "$SAY_RED" "${0##*/}" "$*" "$SAY_OFF" >&2
  exit 1
}

# say_help: a script's help is the comment it opens with, so that the two can't differ.
say_help() { sed -n '2,/^[^#]/ { /^#/ s/^# \{0,1\}//p }' "$0"; }

# say_while WHAT LOG COMMAND…: runs what takes a while with its output in LOG, a dot every three seconds,
# and shows the end of that output when it fails.
say_while() {
  local what=$1 log=$2 status=0 started=$SECONDS dots=0 pid
  shift 2
  printf '   %s ' "$what"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if (((SECONDS - started) / 3 > dots)); then
      printf '.'
      dots=$(((SECONDS - started) / 3))
    fi
  done
  wait "$pid" || status=$?
  if ((status)); then
    printf ' failed\n'
    tail -n 25 "$log" | sed 's/^/   | /' >&2
  else
    printf ' %sdone, %d s%s\n' "$SAY_DIM" $((SECONDS - started)) "$SAY_OFF"
  fi
  return "$status"
}
