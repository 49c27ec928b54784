#!/usr/bin/env bash
# Says beforehand whether backups can be written: BACKUP_DIR must be writable. Prints its dumps and the space that is left.
set -euo pipefail

: "${BACKUP_DIR:?}" "${BACKUP_INSTALLATION:?}" "${PGDATABASE:?}"
# shellcheck source=helm/taskhub/files/backup/names.sh
source "$(dirname "${BASH_SOURCE[0]}")/names.sh"

check_installation
probe=$(mktemp "$BACKUP_DIR/${BACKUP_INSTALLATION}_$PGDATABASE.partial.XXXXXXXX") || die "user $(id -u) can't write to $BACKUP_DIR"
rm "$probe"
log "$(dumps_of "${BACKUP_INSTALLATION}_$PGDATABASE" | wc -l) dumps, $(df -h --output=avail "$BACKUP_DIR" | tail -n 1 | tr -d ' ') left"
mapfile -t older < <(older_dumps)
if ((${#older[@]})); then
  log "${#older[@]} dumps with the names of an older release, ${older[0]} to ${older[-1]}: they are neither restored nor removed by" \
    "themselves; remove them when there are enough new ones"
fi
