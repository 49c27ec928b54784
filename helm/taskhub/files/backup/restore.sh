#!/usr/bin/env bash
# Restores a dump that backup.sh wrote: BACKUP_FILE in BACKUP_DIR, or the newest of this installation.
#
# BACKUP_INSTALLATION (<namespace>_<release>) and PGDATABASE say which installation is restored. A dump of another one is
# refused, unless RESTORE_FROM names it (<namespace>_<release>_<database>). RESTORE_FROM=any takes BACKUP_FILE whatever its name.
#
# The dump is restored into a new database. Only when it is complete do the two databases swap names, so a failure before
# that changes nothing; the previous database stays, as <name>_before_<time>, until an administrator drops it.
# The server is named by PostgreSQL's own variables, as in backup.sh. The role must be a superuser, or own the database and
# have CREATEDB and CREATEROLE.
set -euo pipefail

: "${BACKUP_DIR:?}" "${BACKUP_INSTALLATION:?}" "${PGDATABASE:?}"
# shellcheck source=helm/taskhub/files/backup/names.sh
source "$(dirname "${BASH_SOURCE[0]}")/names.sh"

# sql STATEMENT…: runs one after the other. Names are passed as psql's variables, which psql quotes.
sql() {
  printf '%s;\n' "$@" |
    psql -XqAt -v ON_ERROR_STOP=1 -v name="$name" -v fresh="$fresh" -v before="$before" -v owner="${owner:-}" -v role="${role:-}" \
      --dbname="$maintenance"
}

# choose_file: sets `file`, the name of the dump.
choose_file() {
  local source=${RESTORE_FROM:-${BACKUP_INSTALLATION}_$name}
  file=${BACKUP_FILE:-}
  if [[ $source == any ]]; then
    [[ -n $file ]] || die "RESTORE_FROM=any needs BACKUP_FILE"
  elif [[ -z $file ]]; then
    file=$(dumps_of "$source" | head -n 1)
    [[ -n $file ]] || die "there is no dump of $source in $BACKUP_DIR"
  elif ! is_dump_of "$source" "${file##*/}"; then
    die "$file isn't a dump of $source: set RESTORE_FROM to the installation it is of, or to any"
  fi
  [[ -f $BACKUP_DIR/$file ]] || die "there is no $file in $BACKUP_DIR"
  pg_restore --list "$BACKUP_DIR/$file" >"$list" || die "$file can't be read"
  # A renamed file still says which database it is of.
  if [[ $source != any ]] && ! grep -qxF ";     dbname: ${source#*_*_}" "$list"; then
    die "$file is a dump of the database $(sed -n 's/^;     dbname: //p' "$list"), not of ${source#*_*_}"
  fi
}

check_rights() {
  local rights
  rights=$(sql "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreatedb AND rolcreaterole
    AND NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name' AND NOT pg_has_role(datdba, 'USAGE')))")
  [[ -n $rights ]] || die "$(sql 'SELECT current_user') can't restore: it must be a superuser, or own the database $name and have" \
    "CREATEDB and CREATEROLE (ALTER ROLE … CREATEDB CREATEROLE)"
}

# create_roles: a dump names the services' roles, which a new server doesn't have. Migrating gives them their passwords.
create_roles() {
  local role
  while read -r role; do
    if [[ -z $(sql "SELECT 1 FROM pg_roles WHERE rolname = :'role'") ]]; then sql 'CREATE ROLE :"role" NOLOGIN'; fi
  done < <(pg_restore --schema-only --file=- "$BACKUP_DIR/$file" |
    sed -nE 's/^GRANT .* TO "?([^";]+)"?( WITH .*)?;$/\1/p' | grep -vx PUBLIC | sort -u)
}

# close_connections: nobody can connect again until the names are swapped, or that fails.
close_connections() {
  local role roles until=$((SECONDS + 60))
  trap "sql 'ALTER DATABASE :\"name\" ALLOW_CONNECTIONS true'; rm -f \"\$list\"" EXIT
  sql 'ALTER DATABASE :"name" ALLOW_CONNECTIONS false'
  # Only a member of a role may close its connections.
  mapfile -t roles < <(
    sql "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = :'name' AND NOT pg_has_role(usesysid, 'USAGE')"
  )
  for role in "${roles[@]}"; do
    sql 'GRANT :"role" TO CURRENT_USER' || log "can't close the connections of $role"
  done
  # An autovacuum worker has no role, and renaming ends it.
  while [[ -n $(sql "SELECT 1 FROM pg_stat_activity WHERE datname = :'name' AND usesysid IS NOT NULL LIMIT 1") ]]; do
    ((SECONDS < until)) ||
      die "connections stay open, of: $(sql "SELECT string_agg(DISTINCT usename, ', ') FROM pg_stat_activity WHERE datname = :'name'")"
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'name' AND pg_has_role(usesysid, 'USAGE')" >/dev/null
    sleep 0.1
  done
}

# choose_before: sets `before`, the name that the previous database gets.
choose_before() {
  while
    before=${name}_before_$(date -u +%Y%m%d_%H%M%S)
    [[ -n $(sql "SELECT 1 FROM pg_database WHERE datname = :'before'") ]]
  do sleep 1; done
}

check_installation
name=$PGDATABASE
# PostgreSQL cuts names off at 63 characters, and a cut-off name may be the database's own.
((${#name} <= 40)) || die "the name $name is longer than 40 characters, which leaves no room for <name>_before_<time>"
fresh=${name}_restoring
before=
maintenance=${RESTORE_MAINTENANCE_DATABASE:-postgres}
list=$(mktemp)
trap 'rm -f "$list"' EXIT

choose_file
check_rights
log "restoring $file into $name on ${PGHOST:-this machine}"
create_roles

exists=$(sql "SELECT 1 FROM pg_database WHERE datname = :'name'")
owner=$(sql "SELECT coalesce((SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'), current_user)")
sql 'DROP DATABASE IF EXISTS :"fresh"' 'CREATE DATABASE :"fresh" OWNER :"owner" TEMPLATE template0'
PGDATABASE=$fresh pg_restore --exit-on-error --no-owner --role="$owner" --dbname="$fresh" "$BACKUP_DIR/$file"
# Who isn't a superuser would be warned of each table of the system's.
PGDATABASE=$fresh psql -Xq -v ON_ERROR_STOP=1 --command='SET client_min_messages = error' --command='ANALYZE'

if [[ -n $exists ]]; then
  choose_before
  log "$name becomes $before, $fresh becomes $name"
  close_connections
  # Together, since nothing may fail after the names have been swapped.
  sql BEGIN 'ALTER DATABASE :"name" RENAME TO :"before"' 'ALTER DATABASE :"fresh" RENAME TO :"name"' \
    'ALTER DATABASE :"before" ALLOW_CONNECTIONS true' COMMIT
  trap 'rm -f "$list"' EXIT
  log "done; when $name is what it should be: DROP DATABASE $before"
else
  sql 'ALTER DATABASE :"fresh" RENAME TO :"name"'
  log "done"
fi
