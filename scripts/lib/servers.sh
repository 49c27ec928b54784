# shellcheck shell=bash
# The user and the directory that private PostgreSQL and Redis run with. PostgreSQL refuses to run as root, so a
# root's servers belong to an unprivileged user, and their data lies where that user gets to.

SERVER_USER=()
SERVER_USER_NAME=

# server_user_choose: called once the packages are there, which bring the user `postgres`.
server_user_choose() {
  if ((EUID != 0)); then return; fi
  if id postgres >/dev/null 2>&1; then SERVER_USER_NAME=postgres; else SERVER_USER_NAME=nobody; fi
  SERVER_USER=(setpriv --reuid "$SERVER_USER_NAME" --regid "$(id -g "$SERVER_USER_NAME")" --clear-groups --)
}

# server_user_reaches DIR: an empty SERVER_USER is the user that runs the script.
server_user_reaches() { "${SERVER_USER[@]}" test -x "$1"; }

# server_directory PATH: makes PATH for the server user alone.
server_directory() {
  mkdir -p "$1"
  chmod 700 "$1"
  ((EUID != 0)) || chown "$SERVER_USER_NAME:" "$1"
}

# server_file PATH: standard input, readable for the server user alone.
server_file() {
  rm -f "$1"
  (umask 077 && cat >"$1")
  ((EUID != 0)) || chown "$SERVER_USER_NAME:" "$1"
}

# servers_home: where the private servers' data lies: below the run directory, or in /var/lib/taskhub when the server
# user can't get there, as below a root's home. Said once, since data doesn't move.
servers_home() {
  local home=$RUN_DIR/servers
  if [[ -s $RUN_DIR/servers-home ]]; then
    cat "$RUN_DIR/servers-home"
    return
  fi
  mkdir -p "$home"
  if ! server_user_reaches "$home"; then
    rmdir "$home"
    mkdir -p /var/lib/taskhub
    home=$(mktemp -d /var/lib/taskhub/XXXXXXXX)
    chmod 711 /var/lib/taskhub "$home"
  fi
  printf '%s\n' "$home" | tee "$RUN_DIR/servers-home"
}

# servers_remove: the data, wherever it lies.
servers_remove() {
  local home=$RUN_DIR/servers
  if [[ -s $RUN_DIR/servers-home ]]; then home=$(<"$RUN_DIR/servers-home"); fi
  # Only what servers_home makes: the file may have been edited.
  if [[ $home == "$RUN_DIR/servers" || $home == /var/lib/taskhub/?* ]]; then rm -rf "$home"; fi
}
