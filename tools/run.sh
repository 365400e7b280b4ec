#!/usr/bin/env bash
# Builds what changed and serves the portal; arguments go to `porthole serve`, settings come from the environment.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"

"$here/setup.sh" run
"$here/spa.sh" build
cd "$root"
# Quiet when there is nothing to compile; otherwise cargo draws its own progress.
cargo build --bin porthole
exec "$CARGO_TARGET_DIR/debug/porthole" serve "$@"
