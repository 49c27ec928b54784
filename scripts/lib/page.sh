# shellcheck shell=bash
# The web page: what its build needs, and the build.

NODE_OLDEST=20
# Where the page's tests find a browser.
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

have_chromium() { [[ -x $CHROMIUM ]]; }

have_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    (($(node -p 'process.versions.node.split(".")[0]') >= NODE_OLDEST))
}

# page_packages: installs Node.js where it is missing; false where the system only offers one that is too old.
page_packages() {
  have_node && return
  packages_update
  local version
  version=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^  Candidate: \([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p')
  ((${version:-0} >= NODE_OLDEST)) || return 1
  packages_want have_node nodejs npm
  packages_install
  have_node
}

# page_fingerprint: of everything that the build reads.
page_fingerprint() {
  (
    cd frontend
    find . \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 | sort -z |
      xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
  )
}

# page_dependencies: what package-lock.json names, once.
page_dependencies() {
  local stamp=frontend/node_modules/.taskhub-lock
  cmp -s frontend/package-lock.json "$stamp" && return
  say_while 'installing what the page is built with' "$LOG_DIR/npm-ci.log" npm --prefix frontend ci --no-audit --no-fund ||
    die "npm ci failed; the whole output is in $LOG_DIR/npm-ci.log"
  cp frontend/package-lock.json "$stamp"
}

# page_build: leaves it in frontend/dist; does nothing when nothing has changed.
page_build() {
  local fingerprint stamp=frontend/dist/.fingerprint
  fingerprint=$(page_fingerprint)
  if [[ $(cat "$stamp" 2>/dev/null) == "$fingerprint" ]]; then return; fi
  page_dependencies
  say_while 'building the page' "$LOG_DIR/page-build.log" npm --prefix frontend run build ||
    die "the page can't be built; the whole output is in $LOG_DIR/page-build.log"
  printf '%s\n' "$fingerprint" >"$stamp"
}

# page_in_chromium URL: all of frontend/e2e, with the TaskHub that answers there.
page_in_chromium() { BASE_URL=$1 npm --prefix frontend run --silent e2e; }
