# shellcheck shell=bash
# The names of dumps, for backup.sh and restore.sh: <namespace>_<release>_<database>_<time>.dump. Several installations may
# share one directory, so a name is matched in full: `taskhub` never matches a dump of `taskhub_staging`.

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }

die() {
  log "$*" >&2
  exit 1
}

# Kubernetes allows no underscore in the names of namespaces and releases, so the parts can't be confused.
check_installation() {
  [[ $BACKUP_INSTALLATION =~ ^[A-Za-z0-9.+-]+_[A-Za-z0-9.+-]+$ ]] ||
    die "BACKUP_INSTALLATION must be <namespace>_<release>, not '$BACKUP_INSTALLATION'"
  [[ $PGDATABASE =~ ^[A-Za-z0-9_.-]+$ ]] || die "PGDATABASE '$PGDATABASE' can't be part of a file name"
}

# dumps_of SOURCE: prints the names of the dumps of SOURCE (<namespace>_<release>_<database>), newest first. A copy made by
# hand, such as `…Z-copy.dump`, isn't one of them.
dumps_of() {
  local path
  for path in "$BACKUP_DIR"/*.dump; do
    if is_dump_of "$1" "${path##*/}" && [[ -f $path ]]; then printf '%s\n' "${path##*/}"; fi
  done | sort -r
}

# is_dump_of SOURCE NAME
is_dump_of() {
  local rest=${2#"$1"_}
  [[ $rest != "$2" && $rest =~ ^[0-9]{8}T[0-9]{6}Z\.dump$ ]]
}

# older_dumps: prints the names of the dumps of PGDATABASE that have the names of before, <database>-<time>.dump, oldest first.
older_dumps() {
  local path
  for path in "$BACKUP_DIR/$PGDATABASE"-*.dump; do
    if [[ ${path#"$BACKUP_DIR/$PGDATABASE-"} =~ ^[0-9]{8}T[0-9]{6}Z\.dump$ ]]; then printf '%s\n' "${path##*/}"; fi
  done
}
