#!/usr/bin/env bash
# Figures of the released binary: size, start until /readyz on SQLite, idle memory with the demo cluster.
# usage: bench/run.sh [SECONDS to idle before memory is read; 30]
set -euo pipefail
cd "$(dirname "$0")/.."
idle=${1:-30}
cargo build --release --bin porthole
binary=${CARGO_TARGET_DIR:-target}/release/porthole
folder=$(mktemp -d)
trap 'kill "${server:-}" 2> /dev/null || true; rm -rf "$folder"' EXIT

# Milliseconds from the start of the process until it says that it is ready.
start() {
  local began
  began=$(date +%s%N)
  PORTHOLE_CLUSTER=demo PORTHOLE_DATABASE_URL="sqlite://$folder/porthole.db" \
    "$binary" serve --listen 127.0.0.1:18099 > "$folder/out" 2> "$folder/log" &
  server=$!
  until curl -fs -o /dev/null http://127.0.0.1:18099/readyz; do
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
  done
  echo $((($(date +%s%N) - began) / 1000000))
  echo "$server" > "$folder/pid"
}

printf 'binary: %s MB\n' "$(($(stat -c %s "$binary") / 1000000))"
for run in first second third; do
  printf '%s start until /readyz: %s ms\n' "$run" "$(start)"
  server=$(cat "$folder/pid")
  [ "$run" = third ] || { kill "$server"; while kill -0 "$server" 2> /dev/null; do sleep 0.02; done; }
done
sleep "$idle"
printf 'idle memory after %s s with the demo cluster: %s KiB\n' "$idle" "$(awk '/^VmRSS/ {print $2}' "/proc/$server/status")"
