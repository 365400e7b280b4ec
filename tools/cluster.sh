#!/usr/bin/env bash
# A real Kubernetes to try Porthole on: `cluster.sh up` starts it (or finds it running), fills it, and tells how to use it;
# `cluster.sh down` ends it. It lies in ~/.cache/porthole/run/cluster.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
dir=$cache/run/cluster

# A certificate whose renewal fails: issued 85 of 90 days ago. The times are part of the status, which only a patch can write.
age_certificate() {
  local day=86400 now status
  now=$(date +%s)
  at() { date -u -d "@$((now + $1 * day))" +%Y-%m-%dT%H:%M:%SZ; }
  status=$(cat << JSON
{"status": {
  "notBefore": "$(at -85)", "notAfter": "$(at 5)", "renewalTime": "$(at -25)", "revision": 3, "failedIssuanceAttempts": 4,
  "lastFailureTime": "$(at -1)",
  "conditions": [
    {"type": "Ready", "status": "True", "reason": "Ready", "message": "Certificate is up to date and has not expired",
     "lastTransitionTime": "$(at -85)"},
    {"type": "Issuing", "status": "False", "reason": "Failed",
     "message": "The certificate request has failed to complete and will be retried: order is in \"invalid\" state",
     "lastTransitionTime": "$(at -1)"}
  ]}}
JSON
  )
  "$dir/kubectl" patch certificate shop -n shop --subresource=status --type=merge -p "$status" > /dev/null
}

up() {
  "$here/setup.sh" test
  if ! "$dir/kubectl" get --raw /readyz > /dev/null 2>&1; then
    # What an earlier one left behind, its data included.
    "$here/testcluster/cluster.sh" down "$dir"
    rm -rf "$dir"
    "$here/testcluster/cluster.sh" up "$dir" --full > /dev/null
    "$here/testcluster/cluster.sh" crds "$dir" cert-manager gateway-api argo-cd
    "$dir/kubectl" apply -f "$here/testcluster/examples.yaml" > /dev/null
    age_certificate
    # A change that rolls out slowly, so that there is something to watch.
    "$dir/kubectl" set image deployment/web web=registry.example/shop/web:1.5.0 -n shop > /dev/null
  fi
  cat << TEXT

A Kubernetes is running: $dir/kubeconfig

  watch it        KUBECONFIG=$dir/kubeconfig make run
  look            $dir/kubectl get pods -A
  heal a pod      $dir/kubectl label pods -n shop --all testcluster/play-
  break one       $dir/kubectl label pod -n shop -l app=web testcluster/play=crash-loop
                  (or oom, image-pull, not-ready …: tools/testcluster/stages/pods.yaml)
  lose a node     $dir/kubectl label node node-b testcluster/kubelet-
  cut the line    tools/testcluster/cluster.sh stop-apiserver $dir   (and start-apiserver)
  end it          make cluster-down

TEXT
}

case ${1:-up} in
  up) up ;;
  down) "$here/testcluster/cluster.sh" down "$dir" ;;
  *) die "usage: cluster.sh up|down" ;;
esac
