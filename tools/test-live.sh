#!/usr/bin/env bash
# The tests that need servers; servers.sh starts those and calls this. Rust first, then the interface in a browser.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
cd "$root"

cargo test --workspace
cargo build --bin porthole --features passkeys

export PORTHOLE_BIN=$CARGO_TARGET_DIR/debug/porthole
PORTHOLE_CHROMIUM=$(browser)
export PORTHOLE_CHROMIUM
cd frontend
npm run --silent e2e
