# shellcheck shell=bash
# The Rust toolchain, and where its output goes.

# The oldest compiler is named once, in Cargo.toml.
RUST_OLDEST=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE_DIR/target}

if [[ -d ${CARGO_HOME:-$HOME/.cargo}/bin ]]; then PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin; fi

rust_new_enough() {
  local version
  version=$(cd "$ROOT" && cargo --version 2>/dev/null) || return 1
  version=${version#cargo }
  printf '%s\n' "$RUST_OLDEST" "${version%% *}" | sort -CV
}

# rust_plan: notes rustup's package when there's no other way to a toolchain that is new enough; called before
# packages_install, so that a machine where there's none at all hears of it first.
rust_plan() {
  if rust_new_enough || command -v rustup >/dev/null; then return; fi
  # rustup's package would replace a cargo package: that is for the machine's owner to decide.
  if command -v cargo >/dev/null || ! rust_offered; then
    die "TaskHub needs Rust $RUST_OLDEST or newer, and this system's packages don't offer it: install it as https://rustup.rs says, then run this again"
  fi
  packages_want false rustup
}

# rust_want: a toolchain that is new enough.
rust_want() {
  if rust_new_enough; then return; fi
  # For these scripts only: the user's default toolchain stays what it is.
  export RUSTUP_TOOLCHAIN=stable
  say_while 'installing the stable Rust toolchain' "$LOG_DIR/rustup.log" rustup toolchain install stable --profile minimal \
    --component clippy --component rustfmt || die 'rustup could not install a toolchain'
  rust_new_enough || die "the stable toolchain is older than Rust $RUST_OLDEST: run rustup update stable"
}

rust_offered() {
  command -v apt-cache >/dev/null || return 1
  packages_update
  [[ $(apt-cache policy rustup) =~ Candidate:\ [0-9] ]]
}

# rust_want_lints: rustfmt and clippy, which only the tests need.
rust_want_lints() {
  if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then return; fi
  { command -v rustup >/dev/null && rustup component add rustfmt clippy; } ||
    die 'rustfmt or clippy is missing: install them beside your cargo'
}

# rust_profile_dir PROFILE: the directory under CARGO_TARGET_DIR; cargo calls the one of `dev` debug.
rust_profile_dir() {
  if [[ $1 == dev ]]; then set -- debug; fi
  printf '%s\n' "$CARGO_TARGET_DIR/$1"
}
