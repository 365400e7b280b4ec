# The released binaries, and a control plane behind a proxy at 127.0.0.1:18098 with its files in $folder/plane.
# To be sourced; ends them when the caller ends.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -z "${BENCH_BINARY:-}" ]; then
  cargo build --release --manifest-path "$root/Cargo.toml" --bin porthole --bin bare
  BENCH_BINARY=${CARGO_TARGET_DIR:-$root/target}/release/porthole
fi
BENCH_BARE=${BENCH_BARE:-$(dirname "$BENCH_BINARY")/bare}
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
