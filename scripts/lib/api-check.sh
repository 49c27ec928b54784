# shellcheck shell=bash
# docs/openapi.json: whether it is a document, and whether a running TaskHub does what it says.

api_check_tools() {
  tool_from_pypi openapi-spec-validator openapi-spec-validator==0.9.0 || die 'openapi-spec-validator is missing'
  tool_from_pypi schemathesis schemathesis==4.32.5 || die 'schemathesis is missing'
  tool_from_pypi openapi-python-client openapi-python-client==0.29.1 || die 'openapi-python-client is missing'
  # bitstring 5 removed what httpolice calls when it starts.
  tool_from_pypi httpolice HTTPolice==0.9.0 'bitstring==4.4.0' || die 'httpolice is missing'
}

# api_check URL: as somebody who has just registered, in a team of their own with something in it.
api_check() {
  local URL=$1 name password STATUS BODY
  openapi-spec-validator docs/openapi.json
  name=check$(date +%s)
  password=$(random_password)
  must POST auth/register '' "{\"email\":\"of-$name@example.com\",\"password\":\"$password\",\"name\":\"Check\"}"
  TASKHUB_CHECK_TOKEN=$(field access_token)
  TASKHUB_CHECK_TEAM=$name
  must POST teams "$TASKHUB_CHECK_TOKEN" "{\"name\":\"Check\",\"key\":\"$name\"}"
  must POST "teams/$name/tasks" "$TASKHUB_CHECK_TOKEN" '{"title":"Something to look at"}'
  must POST "teams/$name/tasks/1/comments" "$TASKHUB_CHECK_TOKEN" '{"body":"And something to say."}'
  must POST "teams/$name/labels" "$TASKHUB_CHECK_TOKEN" '{"name":"checked","color":"#1f6feb"}'
  export TASKHUB_CHECK_TOKEN TASKHUB_CHECK_TEAM
  api_check_client "of-$name@example.com" "$password" "$name"
  api_check_traffic "of-$name@example.com" "$password" "$name"
  schemathesis --config-file scripts/api-check.d/schemathesis.toml run docs/openapi.json --url "$URL"
}

# api_check_client EMAIL PASSWORD TEAM: whether a client that is generated from the document can be used.
api_check_client() {
  local dir
  dir=$(mktemp -d)
  openapi-python-client generate --path docs/openapi.json --meta none --config scripts/api-check.d/generator.yaml \
    --fail-on-warning --output-path "$dir/task_hub_client"
  PYTHONPATH=$dir "$TOOLS_DIR/openapi-python-client-0.29.1/bin/python" scripts/api-check.d/generated_client.py "$URL" "$@"
  rm -rf "$dir"
}

# api_check_traffic EMAIL PASSWORD TEAM: whether requests and answers, byte for byte, keep to the RFCs of HTTP.
api_check_traffic() {
  local dir silenced
  dir=$(mktemp -d)
  python3 scripts/api-check.d/traffic.py "$URL" "$dir" "$@"
  mapfile -t silenced < <(sed -n 's/^\([0-9]\{4\}\) .*/--silence=\1/p' scripts/api-check.d/httpolice.silenced)
  httpolice --input streams "${silenced[@]}" --fail-on comment "$dir"/*.re* ||
    die "httpolice found what the RFCs don't allow; requests and answers are in $dir"
  rm -rf "$dir"
}
