#!/usr/bin/env bash
# Serves the portal for work on it: the interface by Vite on http://127.0.0.1:5173, reloaded as files change, the API behind it on port 8080.
# After a change of Rust code start it again. Arguments go to `porthole serve`.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"

"$here/setup.sh" run
"$here/spa.sh" install
cd "$root"
cargo build --bin porthole

# The origin that browsers see is Vite's.
export PORTHOLE_PUBLIC_URL=${PORTHOLE_PUBLIC_URL:-http://127.0.0.1:5173}
"$CARGO_TARGET_DIR/debug/porthole" serve "$@" &
server=$!
trap 'kill "$server" 2> /dev/null || true' EXIT
cd frontend
npm run dev -- --host 127.0.0.1 --port 5173 --strictPort
