# shellcheck shell=bash
# PgBouncer, for the tests that put it before PostgreSQL.

# The first release that keeps prepared statements in transaction mode.
POOLER_OLDEST=1.21
# Whose source is built where the system offers an older one.
POOLER_SUITE=trixie
POOLER_DIR=$TOOLS_DIR/pgbouncer-$POOLER_SUITE

# pooler_bin: the program; fails when none is new enough.
pooler_bin() {
  local program version
  for program in "${TASKHUB_TEST_PGBOUNCER:-}" /usr/sbin/pgbouncer "$POOLER_DIR/pgbouncer"; do
    [[ -x $program ]] || continue
    version=$("$program" --version) && [[ $version =~ PgBouncer\ ([0-9.]+) ]] || continue
    if printf '%s\n' "$POOLER_OLDEST" "${BASH_REMATCH[1]}" | sort -CV; then
      printf '%s\n' "$program"
      return
    fi
  done
  return 1
}

have_pooler() { pooler_bin >/dev/null; }

# pooler_packages: the package where it is new enough, else what its source needs to be built.
pooler_packages() {
  if have_pooler; then return; fi
  packages_update
  if printf '%s\n' "$POOLER_OLDEST" "$(pooler_offered)" | sort -CV; then
    packages_want false pgbouncer
  else
    packages_want false libevent-dev pkgconf make
  fi
}

pooler_offered() {
  local version
  version=$(apt-cache policy pgbouncer 2>/dev/null | sed -n 's/^  Candidate: \([0-9.]*\).*/\1/p')
  printf '%s\n' "${version:-0}"
}

# pooler_want: called once the packages are there.
pooler_want() {
  have_pooler ||
    say_while "building PgBouncer from Debian's source" "$LOG_DIR/pgbouncer.log" pooler_build ||
    die "no PgBouncer >= $POOLER_OLDEST here: install one and name it in TASKHUB_TEST_PGBOUNCER"
  TASKHUB_TEST_PGBOUNCER=$(pooler_bin)
  export TASKHUB_TEST_PGBOUNCER
}

# pooler_build: apt checks the source against Debian's signature. TLS isn't needed on loopback.
pooler_build() (
  set -e
  work=$(mktemp -d "${TMPDIR:-/tmp}/taskhub-pgbouncer.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/sources" "$work/lists/partial" "$POOLER_DIR"
  chmod 755 "$work"
  printf '%s\n' 'Types: deb-src' 'URIs: http://deb.debian.org/debian' "Suites: $POOLER_SUITE" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$work/sources/debian.sources"
  options=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" -o Dir::State::lists="$work/lists")
  if ((EUID == 0)); then options+=(-o APT::Sandbox::User=root); fi
  cd "$work"
  apt-get "${options[@]}" update
  apt-get "${options[@]}" source --download-only pgbouncer
  tar -xf pgbouncer_*.orig.tar.gz
  cd pgbouncer-*/
  ./configure --without-openssl --without-cares --without-systemd
  make -j"$(nproc)" pgbouncer
  install -m 755 pgbouncer "$POOLER_DIR/pgbouncer"
)
