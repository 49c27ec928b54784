# shellcheck shell=bash
# Calls to the API of the TaskHub at URL.

# call METHOD PATH TOKEN [JSON]: sets STATUS and BODY.
call() {
  local method=$1 path=$2 token=$3 answer options=()
  if [[ -n $token ]]; then options+=(-H "Authorization: Bearer $token"); fi
  if (($# > 3)); then options+=(-H 'Content-Type: application/json' -d "$4"); fi
  answer=$(curl -sS -m 30 -X "$method" "${options[@]}" -w '\n%{http_code}' "$URL/api/v1/$path") || die "$URL doesn't answer"
  STATUS=${answer##*$'\n'}
  BODY=${answer%$'\n'*}
}

# must METHOD PATH TOKEN [JSON]: a call that has to succeed.
must() {
  call "$@"
  [[ $STATUS == 2* ]] || die "$1 $2 answered $STATUS: $BODY"
}

# field NAME: the first string called NAME in BODY. Enough for ids and tokens, which hold nothing that JSON escapes.
field() {
  [[ $BODY =~ \"$1\"\ *:\ *\"([^\"]*)\" ]] || die "no $1 in the answer: $BODY"
  printf '%s\n' "${BASH_REMATCH[1]}"
}
