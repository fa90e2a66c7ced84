#!/bin/sh
# Installs, from Debian's packages, those of the named commands that are missing: needs.sh redis-server gcc
# As root, or with sudo. What is there already is left alone, whatever its version.
set -eu

packages=
for command in "$@"; do
  if command -v "$command" >/dev/null 2>&1; then
    continue
  fi
  case $command in
    gcc) packages="$packages gcc libc6-dev" ;; # the race detector needs a C compiler
    node) packages="$packages nodejs" ;;
    *) packages="$packages $command" ;;
  esac
done
[ -n "$packages" ] || exit 0

cannot() {
  echo "needs.sh: missing:$packages. $1" >&2
  echo "needs.sh: install it with your system's packages and try again; the tests need Redis 7.0 or later as redis-server." >&2
  exit 1
}

command -v apt-get >/dev/null 2>&1 || cannot "There is no apt-get here."
if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  cannot "This needs root or sudo."
fi

echo "needs.sh: installing$packages"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q </dev/null >/dev/null || cannot "apt-get update failed."
# shellcheck disable=SC2086 # a list of names
$as_root apt-get install -q -y --no-install-recommends $packages </dev/null >/dev/null || cannot "apt-get install failed."
