#!/usr/bin/env bash
# Starts the demo on a free port, waits until it is healthy, runs a command with DEMO_URL set, and stops the demo:
#   with-demo.sh build/hoidap sh -c 'echo $DEMO_URL'
# Fails where the demo does not start within 30 seconds, or does not stop in order.
set -euo pipefail

program=$1
shift
log=$(mktemp)
"$program" demo --listen 127.0.0.1:0 >"$log" 2>&1 &
demo=$!
trap '[[ -z $demo ]] || kill -9 $demo 2>/dev/null || true; rm -f "$log"' EXIT

fail() {
  echo "with-demo.sh: $1" >&2
  cat "$log" >&2
  exit 1
}

# healthy asks /healthz with what every bash has.
healthy() {
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$1" >&3
  read -r answer <&3 || true
  exec 3<&-
  [[ $answer == *" 200 "* ]]
}

port=
for ((i = 0; ; i++)); do
  kill -0 $demo 2>/dev/null || fail "the demo ended"
  port=$(sed -n 's#.*http://127\.0\.0\.1:\([0-9]*\).*#\1#p' "$log" | head -n 1)
  if [[ -n $port ]] && (healthy "$port") 2>/dev/null; then
    break
  fi
  ((i < 150)) || fail "the demo did not become healthy"
  sleep 0.2
done

DEMO_URL="http://127.0.0.1:$port" "$@"

kill -TERM $demo
code=0
wait $demo || code=$?
demo=
[[ $code == 0 ]] || fail "the demo stopped with code $code"
