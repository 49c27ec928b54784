#!/usr/bin/env bash
# Writes a dump of the database into BACKUP_DIR, checks that it can be read, and removes this installation's oldest dumps
# beyond BACKUP_KEEP.
#
# BACKUP_INSTALLATION is <namespace>_<release>. PostgreSQL's own variables name the server: PGHOST, PGPORT, PGUSER,
# PGPASSWORD, PGDATABASE, PGSSLMODE. BACKUP_ADOPT=true: this server succeeds the one that wrote the dumps in BACKUP_DIR.
set -euo pipefail

: "${BACKUP_DIR:?}" "${BACKUP_KEEP:?}" "${BACKUP_INSTALLATION:?}" "${PGDATABASE:?}"
# shellcheck source=helm/taskhub/files/backup/names.sh
source "$(dirname "${BASH_SOURCE[0]}")/names.sh"

check_installation
[[ $BACKUP_KEEP =~ ^[1-9][0-9]*$ ]] || die "BACKUP_KEEP must be a number from 1 on, not '$BACKUP_KEEP'"
source=${BACKUP_INSTALLATION}_$PGDATABASE
owner=$BACKUP_DIR/$source.owner
umask 077

# An installation of the same name on another cluster would remove this one's dumps, so each directory remembers the server.
server=$(psql -XqAt --command='SELECT system_identifier FROM pg_control_system()')
marked=
if [[ -e $owner ]]; then marked=$(<"$owner"); fi
if [[ -n $marked && $marked != "$server" && ${BACKUP_ADOPT:-} != true ]]; then
  die "the dumps of $source in $BACKUP_DIR are those of another server ($marked), and this one is $server." \
    "If it is the successor, run one backup with BACKUP_ADOPT=true; otherwise use another directory"
fi
# An incomplete dump has another name. One that a killed job left a day ago isn't needed.
find "$BACKUP_DIR" -maxdepth 1 -name "$source.partial.*" -mmin +1440 -delete
part=$(mktemp "$BACKUP_DIR/$source.partial.XXXXXXXX")
trap 'rm -f "$part" "$part.list" "$part.owner"' EXIT

# Whole or not at all, also where the volume is full.
if [[ $marked != "$server" ]]; then
  printf '%s\n' "$server" >"$part.owner"
  sync "$part.owner"
  mv "$part.owner" "$owner"
fi

log "dumping $PGDATABASE"
pg_dump --format=custom --compress=6 --lock-wait-timeout=60000 --file="$part"

# A dump that can't be listed can't be restored; one without the three schemas isn't TaskHub's.
pg_restore --list "$part" >"$part.list"
for schema in identity tasks delivery; do
  grep -q " SCHEMA - $schema " "$part.list" || die "the dump has no schema $schema"
done

sync "$part"
# Another job may have written a dump in the same second; that one isn't replaced.
until
  file=${source}_$(date -u +%Y%m%dT%H%M%SZ).dump
  mv --no-clobber "$part" "$BACKUP_DIR/$file" && [[ ! -e $part ]]
do
  [[ -e $BACKUP_DIR/$file ]] || die "can't give the dump its name, $file"
  sleep 1
done
log "wrote $file, $(stat -c %s "$BACKUP_DIR/$file") bytes, $(grep -c ' TABLE DATA ' "$part.list") tables"

# The dump just written is kept even where others bear a later time, because a clock was wrong.
mapfile -t others < <(dumps_of "$source" | grep -vxF "$file")
for old in "${others[@]:BACKUP_KEEP-1}"; do
  rm -f "$BACKUP_DIR/$old"
  log "removed $old"
done
