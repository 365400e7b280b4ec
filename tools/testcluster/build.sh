#!/usr/bin/env bash
# Builds a part of the test cluster once and prints the folder it lies in:
#   build.sh kubernetes   ~/.cache/porthole/testcluster/v<version>-<hash>/testcluster       cold: six minutes
#   build.sh kwok         ~/.cache/porthole/testcluster/kwok-v<version>-<hash>/{kwok,stages/}   cold: one minute
# The hash is that of what goes in, so a changed go.mod builds anew and an old checkout finds its own.
# Progress goes to stderr; the folder is the only line on stdout.
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$tools/common.sh"

part=${1:-}
case $part in
  kubernetes)
    module=$tools/testcluster
    version=$(sed -n 's/.*k8s\.io\/kubernetes \(v[0-9.]*\)$/\1/p' "$module/go.mod" | head -n 1)
    name=$version-$(cat "$module"/{go.mod,go.sum,main.go} | sha256sum | cut -c1-12)
    ;;
  kwok)
    module=$tools/kwok
    version=$(sed -n 's/.*sigs\.k8s\.io\/kwok \(v[0-9.]*\).*/\1/p' "$module/go.mod" | head -n 1)
    name=kwok-$version-$(cat "$module"/{go.mod,go.sum} | sha256sum | cut -c1-12)
    ;;
  *)
    say "usage: build.sh kubernetes|kwok"
    exit 2
    ;;
esac
target=$cache/testcluster/$name

# Runs a command and says every 20 seconds that it still does: a silent five minutes looks like a hang.
patiently() {
  local began=$SECONDS told=$SECONDS build
  say "building $part $version, once for this machine"
  "$@" >&2 &
  build=$!
  while kill -0 "$build" 2> /dev/null; do
    sleep 1
    if ((SECONDS - told >= 20)); then
      told=$SECONDS
      say "still building $part, $((told - began)) s"
    fi
  done
  wait "$build" || die "building $part failed"
  say "built $part in $((SECONDS - began)) s"
}

build_kubernetes() {
  mkdir "$1"
  # kubectl and clients parse the version: without these flags the server would call itself v0.0.0.
  local stamp=k8s.io/component-base/version minor=${version#v1.}
  patiently go build -C "$module" -trimpath -o "$1/testcluster" \
    -ldflags "-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=${minor%%.*}" .
}

build_kwok() {
  mkdir "$1"
  patiently go build -C "$module" -trimpath -ldflags "-s -w" -o "$1/kwok" sigs.k8s.io/kwok/cmd/kwok
  # The stages it ships with, kept beside the program so that a cleaned Go module cache does no harm.
  local sources
  sources=$(go list -C "$module" -m -f '{{.Dir}}' sigs.k8s.io/kwok)
  cp -r --no-preserve=mode "$sources/kustomize/stage" "$1/stages"
}

if [ ! -d "$target" ]; then
  command -v go > /dev/null || die "Go is missing: run tools/setup.sh test"
  once "$target" "build_$part"
fi
echo "$target"
