#!/usr/bin/env bash
# Memory, time to the first full view, and how fast a change reaches a subscriber, against a real API server.
# usage: bench/cluster.sh [PODS; 10000]
# Uses the binary that BENCH_BINARY names, or builds the released one. The control plane is that of the tests.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
pods=${1:-10000}
if [ -z "${BENCH_BINARY:-}" ]; then
  cargo build --release --manifest-path "$root/Cargo.toml" --bin porthole
  BENCH_BINARY=${CARGO_TARGET_DIR:-$root/target}/release/porthole
fi
folder=$(mktemp -d)
finish() {
  kill "${proxy:-}" 2> /dev/null || true
  "$root/tools/testcluster/cluster.sh" down "$folder/plane" > /dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT
"$root/tools/testcluster/cluster.sh" up "$folder/plane" > /dev/null
"$folder/plane/kubectl" proxy --port=18098 > /dev/null &
proxy=$!
until curl -fs -o /dev/null http://127.0.0.1:18098/readyz; do sleep 0.1; done
BENCH_BINARY=$BENCH_BINARY node "$root/bench/cluster.mjs" "$pods" http://127.0.0.1:18098 "$folder"
