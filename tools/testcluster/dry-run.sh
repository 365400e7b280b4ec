#!/usr/bin/env bash
# Shows every object of k8s/ to a real API server, which must accept each (a server-side dry run with strict field validation), and asks it
# whether Porthole's account may do what it needs and nothing more. Starts an API server of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/porthole-dry-run.XXXXXX")
trap '"$here/cluster.sh" down "$dir"; rm -rf "$dir"' EXIT
"$here/cluster.sh" up "$dir" > /dev/null
"$here/cluster.sh" crds "$dir" cert-manager gateway-api argo-cd
kubectl=$dir/kubectl

try() {
  local what=$1
  shift
  say "dry run: $what"
  "$kubectl" apply --dry-run=server --validate=strict --warnings-as-errors "$@" || die "the API server refuses $what"
}

# Namespaces and rights become real: a dry run of an object needs its namespace to be there, and rights can only be asked for then.
for folder in "$root"/k8s/base "$root"/k8s/overlays/*; do
  [ -f "$folder/kustomization.yaml" ] || continue
  "$kubectl" kustomize "$folder" > "$dir/all.yaml"
  # Kinds of Traefik and Envoy Gateway: their definitions are not at hand; that they build must do.
  awk -v RS='---\n' '!/(^|\n)apiVersion: (traefik.io|gateway.envoyproxy.io)\// { print "---\n" $0 }' "$dir/all.yaml" > "$dir/objects.yaml"
  awk -v RS='---\n' '/(^|\n)kind: (Namespace|ServiceAccount|ClusterRole|ClusterRoleBinding|Role|RoleBinding)\n/ { print "---\n" $0 }' \
    "$dir/objects.yaml" > "$dir/first.yaml"
  "$kubectl" apply --validate=strict -f "$dir/first.yaml" > /dev/null
  try "${folder#"$root/"}" -f "$dir/objects.yaml"
done
for file in "$root"/k8s/base/*.example.yaml "$root"/k8s/argocd/*.yaml; do
  [ -f "$file" ] || continue
  [ "$(basename "$file")" != kustomization.yaml ] || continue
  try "${file#"$root/"}" -f "$file"
done

"$here/rights.sh" "$kubectl"
