#!/usr/bin/env bash
# Everything: sets up the machine, checks, builds, tests against real servers. One line at the end says what ran. The first stage that
# fails ends it. Logs of the run: ~/.cache/porthole/run/<time>-<id>.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
cd "$root"

run=$cache/run/$(date +%Y%m%d-%H%M%S)-$$
mkdir -p "$run"
# Only the last runs are kept; `cluster` beside them belongs to make cluster.
find "$cache/run" -mindepth 1 -maxdepth 1 -type d -name '2*' | sort | head -n -5 | xargs -r rm -rf
export PORTHOLE_RUN_DIR=$run

# stage NAME COMMAND…: runs it, keeps what it printed in NAME.log for the count at the end.
stage() {
  local name=$1 began=$SECONDS
  shift
  say "[$name]"
  "$@" 2>&1 | tee "$run/$name.log" || die "stage $name failed after $((SECONDS - began)) s; its output: $run/$name.log"
  say "[$name] done in $((SECONDS - began)) s"
}

interface_tests() { (cd frontend && npm test --silent); }

stage set-up "$here/setup.sh" test
stage packages "$here/spa.sh" install
stage kubernetes "$here/testcluster/cluster.sh" build
stage mail-server "$here/smtp/smtp.sh" prepare
# Before the Rust checks: the interface is embedded in the binary.
stage interface "$here/spa.sh" build
stage check "$here/check.sh"
stage interface-tests interface_tests
stage manifests "$here/testcluster/dry-run.sh"
stage build cargo test --workspace --no-run
stage live "$here/servers.sh" "$here/test-live.sh"

# Adds up the numbers that a pattern finds in a log, past the colours of the runners.
count() { sed 's/\x1b\[[0-9;]*m//g' "$run/$1.log" | sed -n "s/$2/\\1/p" | awk '{ n += $1 } END { print n + 0 }'; }
rust=$(count live '^test result: ok\. \([0-9]*\) passed.*')
interface=$(count interface-tests '^ *Tests  *\([0-9]*\) passed.*')
browser=$(count live '^[^ ]* pass \([0-9]*\)$')
say "passed: rust tests $rust, interface tests $interface, browser tests $browser, in $((SECONDS / 60)) min $((SECONDS % 60)) s"
