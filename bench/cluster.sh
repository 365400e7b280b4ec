#!/usr/bin/env bash
# Memory, time to the first full view, and how fast a change reaches a subscriber, against a real API server.
# usage: bench/cluster.sh [PODS; 10000]
# Uses the binary that BENCH_BINARY names, or builds the released one. The control plane is that of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
pods=${1:-10000}
# shellcheck source=bench/plane.sh
. bench/plane.sh
BENCH_BINARY=$BENCH_BINARY node bench/cluster.mjs "$pods" http://127.0.0.1:18098 "$folder"
