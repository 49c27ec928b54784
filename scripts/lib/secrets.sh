# shellcheck shell=bash
# Passwords and keys of the local run: made once at random, kept in SECRETS_DIR where only their owner reads them.

# secret NAME [COMMAND…]: the secret NAME, made by COMMAND when it isn't there yet.
secret() {
  local file=$SECRETS_DIR/$1
  shift
  if [[ ! -s $file ]]; then
    (umask 077 && mkdir -p "$SECRETS_DIR" && "${@:-random_password}" >"$file")
  fi
  cat "$file"
}

# Hexadecimal: nothing in it needs quoting in a URL, in SQL or in a shell.
random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

random_key() { head -c 32 /dev/urandom | base64; }
