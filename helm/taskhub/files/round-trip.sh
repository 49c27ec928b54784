#!/bin/sh
# What `helm test` does: signs in, asks how the services are, makes a task, finds it again, takes it away, and looks at the
# page. API and PAGE are the addresses of the two; EMAIL and PASSWORD an account of its own, made the first time.
set -eu

JSON='Content-Type: application/json'
TITLE="helm test $(date +%s)"

fail() {
  echo "$1" >&2
  exit 1
}

# call METHOD PATH [BODY]: the answer, whatever its status.
call() { curl -sS -m 10 -X "$1" -H "$JSON" -H "Authorization: Bearer ${TOKEN:-}" ${3:+-d "$3"} "$API$2"; }

# value NAME: of the first such member in the JSON on standard input.
value() { sed -n "s/^[^{]*{.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

echo 'signing in'
TOKEN=$(call POST /api/v1/auth/login "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\"}" | value access_token)
if [ -z "$TOKEN" ]; then
  TOKEN=$(call POST /api/v1/auth/register "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\",\"name\":\"helm test\"}" |
    value access_token)
fi
[ -n "$TOKEN" ] || fail 'can neither sign in nor sign up'

echo 'every service is well'
call GET /api/v1/status | grep -q '"status":"ok"' || fail "$(call GET /api/v1/status)"

echo 'a task'
ID=$(call POST /api/tasks "{\"title\":\"$TITLE\"}" | value id)
[ -n "$ID" ] || fail 'the task was not made'
call GET /api/tasks | grep -q "$TITLE" || fail 'the task is not in the list'
call DELETE "/api/tasks/$ID" | grep -q deleted || fail 'the task can not be taken away'
call GET '/api/v1/notifications?limit=1' | grep -q '"items"' || fail 'no notifications'

echo 'the page'
curl -sS -m 10 "$PAGE/" | grep -q '<title>TaskHub' || fail 'no page'
echo 'all is well'
