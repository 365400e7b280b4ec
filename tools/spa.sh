#!/usr/bin/env bash
# The interface: `spa.sh install` fetches its packages, `spa.sh build` also builds it into frontend/dist. Both do nothing when nothing
# changed: a stamp holds the hash of what went in.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
cd "$root/frontend"

# Everything that the build reads. What it writes itself (dist, generated code) is left out.
sources_hash() {
  find . ../schema.graphql \( -name node_modules -o -path ./dist -o -path ./e2e -o -path ./src/gql \) -prune \
    -o -type f ! -name '*.gen.ts' ! -name '*.test.*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# True when the stamp file $1 holds $2.
fresh() { [ "$(cat "$1" 2> /dev/null)" = "$2" ]; }

install() {
  local stamp=node_modules/.porthole-stamp hash
  hash=$(sha256sum package-lock.json | cut -d' ' -f1)-$(node --version)
  if fresh "$stamp" "$hash"; then return; fi
  say "installing the packages of the interface"
  npm ci --no-audit --no-fund --loglevel=error
  echo "$hash" > "$stamp"
}

build() {
  local stamp=node_modules/.porthole-build hash
  hash=$(sources_hash)
  if [ -e dist/index.html ] && fresh "$stamp" "$hash"; then return; fi
  install
  say "building the interface"
  npm run --silent build
  echo "$hash" > "$stamp"
}

case ${1:-build} in
  install) install ;;
  build) build ;;
  *) die "usage: spa.sh install|build" ;;
esac
