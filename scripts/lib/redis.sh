# shellcheck shell=bash
# A private Redis: it carries and caches, and TaskHub may lose it at any moment, so it keeps nothing on disk.

REDIS_OLDEST=7

redis_new_enough() {
  local version
  version=$(redis-server --version 2>/dev/null | sed -n 's/.* v=\([0-9]*\)\..*/\1/p')
  ((${version:-0} >= REDIS_OLDEST))
}

# redis_start NAME DIR PORT PASSWORD: the password is in a file since other users see a command line.
redis_start() {
  local name=$1 dir=$2 port=$3 password=$4 log=$LOG_DIR/redis.log
  server_directory "$dir"
  server_file "$dir/redis.conf" <<CONF
bind 127.0.0.1
port $port
requirepass $password
dir "$dir"
save ""
appendonly no
daemonize no
CONF
  process_start "$name" "$log" "${SERVER_USER[@]}" redis-server "$dir/redis.conf"
  process_await "$name" "$log" 30 redis_answers "$port" "$password" || die "Redis doesn't start"
}

redis_answers() { [[ $(REDISCLI_AUTH=$2 redis-cli -h 127.0.0.1 -p "$1" ping) == PONG ]]; }

redis_stop() { process_stop "$1"; }

redis_url() { printf 'redis://default:%s@127.0.0.1:%s/0\n' "$2" "$1"; }
