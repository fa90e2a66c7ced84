#!/usr/bin/env bash
# Fails where `go generate` would change generated code, but for the path of its source. What it changes is put back.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(git ls-files '*.go' | xargs grep -l '^// Code generated .* DO NOT EDIT\.$')
[ ${#files[@]} -gt 0 ] || { echo "generated.sh: there is no generated code" >&2; exit 1; }

kept=$(mktemp -d)
back() {
  for f in "${files[@]}"; do cp "$kept/$f" "$f"; done
  rm -rf "$kept"
}
for f in "${files[@]}"; do
  mkdir -p "$kept/$(dirname "$f")"
  cp "$f" "$kept/$f"
done
trap back EXIT

go generate ./...
stale=0
for f in "${files[@]}"; do
  if ! diff -u -I '^// Source: ' "$kept/$f" "$f"; then
    echo "$f is not what go generate makes; run: go generate ./$(dirname "$f")" >&2
    stale=1
  fi
done
exit $stale
