#!/usr/bin/env bash
# Restores a dump that backup.sh wrote: BACKUP_FILE in BACKUP_DIR, or the newest.
#
# It is restored into a database of its own. Only when all of it is there do the two change names, so whatever goes wrong
# before that changes nothing; and the database that was there stays, as <name>_before_<time>, until somebody drops it.
# The server is named by PostgreSQL's own variables, as in backup.sh; the role must be a superuser.
set -euo pipefail

: "${BACKUP_DIR:?}" "${PGDATABASE:?}"

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }

# sql STATEMENT…: one after the other; names come as psql's variables, and psql quotes them.
sql() {
  printf '%s;\n' "$@" |
    psql -XqAt -v ON_ERROR_STOP=1 -v name="$name" -v fresh="$fresh" -v before="$before" --dbname=postgres
}

newest() { find "$BACKUP_DIR" -maxdepth 1 -name "$name-*.dump" | sort | tail -n 1; }

name=$PGDATABASE
fresh=${name}_restoring
before=${name}_before_$(date -u +%Y%m%d_%H%M%S)
if [[ -n ${BACKUP_FILE:-} ]]; then file=$BACKUP_DIR/$BACKUP_FILE; else file=$(newest); fi
if [[ ! -f $file ]]; then
  log "there is no ${BACKUP_FILE:-backup of $name} in $BACKUP_DIR" >&2
  exit 1
fi

# A dump names the services' roles, and a new server doesn't have them; migrating gives them their passwords.
for role in taskhub_auth taskhub_tasks taskhub_worker; do
  if [[ -z $(sql "SELECT 1 FROM pg_roles WHERE rolname = '$role'") ]]; then sql "CREATE ROLE $role NOLOGIN"; fi
done

log "restoring ${file##*/}"
sql 'DROP DATABASE IF EXISTS :"fresh"' 'CREATE DATABASE :"fresh" TEMPLATE template0'
PGDATABASE=$fresh pg_restore --exit-on-error --dbname="$fresh" "$file"
PGDATABASE=$fresh psql -Xq -v ON_ERROR_STOP=1 --command='ANALYZE'

log "$name becomes $before, $fresh becomes $name"
if [[ -n $(sql "SELECT 1 FROM pg_database WHERE datname = :'name'") ]]; then
  # Nobody may come back between being sent away and the change of names; unless that fails.
  trap "sql 'ALTER DATABASE :\"name\" ALLOW_CONNECTIONS true'" EXIT
  sql 'ALTER DATABASE :"name" ALLOW_CONNECTIONS false'
  sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'name'" >/dev/null
  until [[ -z $(sql "SELECT 1 FROM pg_stat_activity WHERE datname = :'name' LIMIT 1") ]]; do sleep 0.1; done
  sql BEGIN 'ALTER DATABASE :"name" RENAME TO :"before"' 'ALTER DATABASE :"fresh" RENAME TO :"name"' COMMIT
  trap - EXIT
  sql 'ALTER DATABASE :"before" ALLOW_CONNECTIONS true'
  log "done; once all is well: DROP DATABASE $before"
else
  sql 'ALTER DATABASE :"fresh" RENAME TO :"name"'
  log "done"
fi
