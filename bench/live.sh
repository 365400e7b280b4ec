#!/usr/bin/env bash
# Fan-out: 100, 1,000 and 5,000 subscribers of one pod's changes, beside a bare axum broadcast of the same bytes.
# usage: bench/live.sh [SUBSCRIBERS …]
# Uses the binaries that BENCH_BINARY and BENCH_BARE name, or builds the released ones. The control plane is that of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=bench/plane.sh
. bench/plane.sh
[ $# -gt 0 ] || set -- 100 1000 5000
BENCH_BINARY=$BENCH_BINARY BENCH_BARE=$BENCH_BARE node bench/live.mjs http://127.0.0.1:18098 "$folder" "$@"
