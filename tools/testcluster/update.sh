#!/usr/bin/env bash
# Rewrites go.mod for another Kubernetes: `tools/testcluster/update.sh v1.37.2`. Commit go.mod and go.sum afterwards.
# k8s.io/kubernetes points its staging modules at ./staging, so each is replaced by its published twin (v1.37.2 and v0.37.2).
set -euo pipefail
cd "$(dirname "$0")"

kubernetes=${1:?usage: update.sh v1.MINOR.PATCH}
staging=v0.${kubernetes#v1.}

sources=$(go mod download -json "k8s.io/kubernetes@$kubernetes" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
{
  printf 'module porthole/tools/testcluster\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n' "$kubernetes"
  sed -n '/^replace (/,/^)/p' "$sources/go.mod" | grep -o 'k8s.io/[a-z-]* =>' | while read -r module _; do
    printf '\t%s => %s %s\n' "$module" "$module" "$staging"
  done
  printf ')\n'
} > go.mod
go mod tidy
