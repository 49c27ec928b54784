# shellcheck shell=bash
# What the scripts need from the system, and how to get it with Debian's and Ubuntu's package manager.

PACKAGES_MISSING=()

have_curl() { command -v curl >/dev/null; }
have_postgres() { postgres_bin >/dev/null; }
have_redis() { redis_new_enough && command -v redis-cli >/dev/null; }
# A compiler without the C library's headers can't build the two C libraries in TaskHub's tree.
have_compiler() { echo '#include <stdio.h>' | cc -E - >/dev/null 2>&1; }
have_openssl() { command -v openssl >/dev/null; }
have_page_server() { command -v nginx >/dev/null || [[ -x /usr/sbin/nginx ]]; }
have_python() { python3 -c 'import venv, ensurepip' 2>/dev/null; }

# packages_want CHECK PACKAGE…: notes the packages when CHECK fails.
packages_want() {
  local check=$1
  shift
  "$check" || PACKAGES_MISSING+=("$@")
}

# packages_install: installs what was noted; nothing is removed, nothing that runs already is touched.
packages_install() {
  ((${#PACKAGES_MISSING[@]})) || return 0
  say "missing: ${PACKAGES_MISSING[*]}"
  command -v apt-get >/dev/null ||
    die "no apt-get here: install ${PACKAGES_MISSING[*]} (PostgreSQL >= $POSTGRES_OLDEST, Redis >= $REDIS_OLDEST) and run this again"
  as_root true 2>/dev/null ||
    die "may not install packages; run: sudo apt-get install --no-install-recommends ${PACKAGES_MISSING[*]}"
  packages_update
  packages_refuse_old postgresql "$POSTGRES_OLDEST" DATABASE_URL
  packages_refuse_old redis-server "$REDIS_OLDEST" REDIS_URL
  (
    trap services_may_start EXIT
    services_stay_off
    say_while "installing ${PACKAGES_MISSING[*]}" "$LOG_DIR/apt-install.log" as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -q -y --no-install-recommends --no-remove install "${PACKAGES_MISSING[@]}"
  ) || die "can't install ${PACKAGES_MISSING[*]}; the whole output is in $LOG_DIR/apt-install.log"
  PACKAGES_MISSING=()
}

# packages_update: once a run; without a network, what was downloaded before may still do.
packages_update() {
  ${PACKAGES_UPDATED:-false} ||
    say_while 'reading the list of packages' "$LOG_DIR/apt-update.log" as_root apt-get -q update || true
  PACKAGES_UPDATED=true
}

# packages_refuse_old PACKAGE OLDEST VARIABLE: an older server that is in use here isn't replaced, nor one installed in vain.
packages_refuse_old() {
  [[ " ${PACKAGES_MISSING[*]} " == *" $1 "* ]] || return 0
  local version
  version=$(apt-cache policy "$1" | sed -n 's/^  Candidate: \([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p')
  ((${version:-0} >= $2)) ||
    die "TaskHub needs $1 >= $2, and this system offers ${version:-none}: install a newer one, or set $3 to one elsewhere"
  if [[ $1 == redis-server ]] && command -v redis-server >/dev/null; then
    die "the redis-server installed here is older than $2: upgrade it, or set $3 to one elsewhere"
  fi
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Debian starts a server as soon as its package is installed. TaskHub needs the programs alone: no cluster `main`, no
# Redis on 6379, no Prometheus on 9090, no nginx on 80. Two files say so for the length of the installation; one that is
# there already is left as it is.
NO_MAIN_CLUSTER=/etc/postgresql-common/createcluster.d/taskhub.conf
NO_SERVICES=/usr/sbin/policy-rc.d
SERVICES_THAT_STAY_OFF=(redis-server pgbouncer nginx prometheus prometheus-postgres-exporter prometheus-redis-exporter)

services_stay_off() {
  if [[ " ${PACKAGES_MISSING[*]} " == *' postgresql '* ]]; then
    as_root mkdir -p "${NO_MAIN_CLUSTER%/*}"
    as_root tee "$NO_MAIN_CLUSTER" >/dev/null <<<'create_main_cluster = false'
  fi
  if [[ ! -e $NO_SERVICES ]]; then
    local off
    off=$(IFS='|' && echo "${SERVICES_THAT_STAY_OFF[*]}")
    # shellcheck disable=SC2016 # $1 is for the file to read
    printf '%s\n' '#!/bin/sh' '# TaskHub, while it installs: servers stay off.' \
      'case ${1%.service} in '"$off"') exit 101 ;; esac' | as_root tee "$NO_SERVICES" >/dev/null
    as_root chmod 755 "$NO_SERVICES"
  fi
}

services_may_start() {
  [[ ! -e $NO_MAIN_CLUSTER ]] || as_root rm -f "$NO_MAIN_CLUSTER"
  if grep -qs '^# TaskHub' "$NO_SERVICES"; then as_root rm -f "$NO_SERVICES"; fi
  # Nor at the next boot.
  local name
  for name in "${SERVICES_THAT_STAY_OFF[@]}"; do
    if [[ " ${PACKAGES_MISSING[*]} " == *" $name "* ]]; then
      as_root systemctl disable --now "$name" >/dev/null 2>&1 ||
        as_root update-rc.d "$name" disable >/dev/null 2>&1 || true
    fi
  done
}
