#!/bin/sh
# Copies what the console's pages load from npm into gateway/console/assets/vendor, in the versions of its
# package-lock.json, and bundles what they use of a library that is larger. With --check nothing is changed, and a
# difference is an error.
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

bundle() { # a library of which bundle/$1.js says what is used: vendor/$1.js
  NODE_PATH=$home/node_modules "$home/node_modules/.bin/esbuild" "bundle/$1.js" --bundle --minify --format=iife --global-name="$1" \
    --target=es2020 --log-level=warning --outfile="$home/node_modules/$1.bundle.js" --allow-overwrite
  keep "$1.bundle.js" "$1.js"
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
bundle echarts
keep echarts/LICENSE echarts.LICENSE
keep echarts/NOTICE echarts.NOTICE
keep echarts/licenses/LICENSE-d3 echarts-d3.LICENSE
keep zrender/LICENSE zrender.LICENSE
