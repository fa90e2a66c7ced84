#!/bin/sh
# Copies what the console's pages load from npm into gateway/console/assets/vendor, in the versions of its
# package-lock.json. With --check nothing is changed, and a difference is an error.
set -eu
cd "$(dirname "$0")/../gateway/console/assets"
root=../../..
home=$root/build/console-assets
mkdir -p "$home"
cp package.json package-lock.json "$home"
npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --loglevel=error >&2

keep() { # from where in node_modules, under which name
  if [ "${check:-}" ]; then
    cmp -s "$home/node_modules/$1" "vendor/$2" || { echo "assets.sh: vendor/$2 is not $1: run deploy/assets.sh" >&2; exit 1; }
  else
    cp "$home/node_modules/$1" "vendor/$2"
  fi
}

check=
[ "${1:-}" = --check ] && check=1
keep htmx.org/dist/htmx.min.js htmx.js
keep htmx-ext-sse/dist/sse.min.js sse.js
keep htmx.org/LICENSE htmx.LICENSE
for subset in latin vietnamese; do
  for weight in 400 600; do
    keep "@fontsource/be-vietnam-pro/files/be-vietnam-pro-$subset-$weight-normal.woff2" "be-vietnam-pro-$subset-$weight.woff2"
  done
done
keep @fontsource/be-vietnam-pro/LICENSE be-vietnam-pro.LICENSE
