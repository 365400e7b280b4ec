#!/usr/bin/env bash
# The checks that need no server: formatting, lints, types, the committed schema. `make check` runs them; so does `make test`.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
cd "$root"

say "Rust: formatting"
cargo fmt --all --check

say "Rust: lints"
cargo clippy --workspace --all-targets -- -D warnings
# Tests have every feature; what is shipped has none.
cargo clippy --workspace -- -D warnings

say "GraphQL: schema.graphql is what the server says"
drift=$(cargo run --quiet --bin porthole --features passkeys -- schema | diff -u schema.graphql -) \
  || { head -n 40 <<< "$drift"; die "schema.graphql is not what the server says: run make schema"; }

say "Interface: lints and types"
"$here/spa.sh" install
(cd frontend && npm run --silent check)

released=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2> /dev/null || true)
if [ -n "$released" ]; then
  say "GraphQL: clients of $released still work"
  git show "$released:schema.graphql" | node frontend/scripts/breaking.mjs || die "deprecate first, remove later"
else
  say "GraphQL: nothing is released yet, so nothing can be broken"
fi

say "Image: what it is built from is a whole workspace"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp Cargo.toml Cargo.lock "$context"
while read -r folder; do
  mkdir -p "$context/$(dirname "$folder")"
  cp -r "$folder" "$context/$folder"
done < <(sed -n 's/^COPY \([a-z/]*\)\/ [a-z].*/\1/p' Dockerfile)
cargo metadata --locked --offline --no-deps --format-version 1 --manifest-path "$context/Cargo.toml" > /dev/null \
  || die "the Dockerfile copies less than Cargo.toml names"

say "Scripts"
mapfile -t scripts < <(find .ci/run tools bench -name '*.sh' -o -path .ci/run)
for script in "${scripts[@]}"; do bash -n "$script"; done
if command -v shellcheck > /dev/null; then
  shellcheck --external-sources "${scripts[@]}"
else
  say "shellcheck is not installed: scripts are only parsed"
fi
if command -v go > /dev/null; then
  unformatted=$(gofmt -l tools)
  [ -z "$unformatted" ] || die "run gofmt -w $unformatted"
fi

# Only what is linked counts: the lock file also names packages of features that are off.
if cargo tree --locked --edges normal --invert ring 2> /dev/null | grep -q .; then
  say "warning: ring is linked beside aws-lc-rs (cargo tree --invert ring tells by whom)"
fi
if command -v cargo-deny > /dev/null; then
  say "Rust: licences and bans"
  cargo deny --log-level warn check licenses bans sources
else
  say "cargo-deny is not installed: licences and bans are not checked"
fi
