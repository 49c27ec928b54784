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

# page_everywhere PORT ARGUMENT…: specs with the TaskHub on that port, under each of the addresses that companies use:
# localhost, a plain http name (where browsers offer no secure context), and https behind a proxy.
page_everywhere() {
  local port=$1
  shift
  page_e2e "http://localhost:$port" "$port" "$@"
  page_elsewhere "$port" "$@"
}

page_elsewhere() {
  local port=$1
  shift
  page_e2e "http://taskhub.test:$port" "$port" "$@"
  page_tls_start "$port"
  page_e2e "https://taskhub.test:$PAGE_TLS_PORT" "$port" "$@"
  page_tls_stop
}

# page_in_chromium PORT: every spec on localhost, and under the other addresses those that depend on the address most.
page_in_chromium() {
  page_e2e "http://localhost:$1" "$1" --workers=2
  page_elsewhere "$1" account safety
}

# page_e2e URL PORT ARGUMENT…: Playwright's tests at that address; the tests themselves call the API on PORT.
page_e2e() {
  local url=$1 port=$2
  shift 2
  say "$url"
  BASE_URL=$url API_URL=http://localhost:$port npm --prefix frontend run --silent playwright -- --project=chromium "$@"
}

# page_tls_start PORT: an nginx that ends TLS in front of the TaskHub on PORT. Sets PAGE_TLS_PORT.
page_tls_start() {
  local port=$1 dir=$RUN_DIR/page-tls
  mkdir -p "$dir"
  PAGE_TLS_PORT=$(port_random)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=taskhub.test \
    -addext subjectAltName=DNS:taskhub.test -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>/dev/null
  cat >"$dir/nginx.conf" <<EOF
pid $dir/nginx.pid;
error_log $dir/error.log;
worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path $dir/body;
  proxy_temp_path $dir/proxy;
  fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi;
  scgi_temp_path $dir/scgi;
  upstream gateway { server 127.0.0.1:$port; keepalive 16; }
  server {
    listen 127.0.0.1:$PAGE_TLS_PORT ssl http2;
    server_name taskhub.test;
    ssl_certificate $dir/certificate.pem;
    ssl_certificate_key $dir/key.pem;
    client_max_body_size 2m;
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$host;
      proxy_set_header X-Forwarded-For \$remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_read_timeout 1h;
    }
  }
}
EOF
  process_start page-tls "$LOG_DIR/page-tls.log" "$(page_nginx)" -c "$dir/nginx.conf" -e "$dir/error.log" -g 'daemon off;'
  process_await page-tls "$LOG_DIR/page-tls.log" 10 port_taken "$PAGE_TLS_PORT"
}

page_tls_stop() { process_stop page-tls; }

page_nginx() { PATH=$PATH:/usr/sbin command -v nginx; }
