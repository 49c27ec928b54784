#!/usr/bin/env bash
# Writes a dump of the database into BACKUP_DIR, checks that it can be read, and removes the oldest beyond BACKUP_KEEP.
# The server is named by PostgreSQL's own variables: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE.
set -euo pipefail

: "${BACKUP_DIR:?}" "${BACKUP_KEEP:?}" "${PGDATABASE:?}"

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }

# Whatever isn't complete has another name, so that nobody takes it for a backup.
file=$BACKUP_DIR/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f "$file.part" "$file.list"' EXIT
umask 077

log "dumping $PGDATABASE"
pg_dump --format=custom --compress=6 --lock-wait-timeout=60000 --file="$file.part"

# A dump that can't be listed can't be restored; one without the three schemas isn't TaskHub's.
pg_restore --list "$file.part" >"$file.list"
for schema in identity tasks delivery; do
  grep -q " SCHEMA - $schema " "$file.list" || {
    log "the dump has no schema $schema" >&2
    exit 1
  }
done

sync "$file.part"
mv "$file.part" "$file"
log "wrote ${file##*/}, $(stat -c %s "$file") bytes, $(grep -c ' TABLE DATA ' "$file.list") tables"

# Names sort by time.
mapfile -t dumps < <(find "$BACKUP_DIR" -maxdepth 1 -name "$PGDATABASE-*.dump" | sort -r)
for old in "${dumps[@]:BACKUP_KEEP}"; do
  rm -f "$old"
  log "removed ${old##*/}"
done
