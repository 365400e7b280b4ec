#!/usr/bin/env bash
# rights.sh KUBECTL: asks the API server whether Porthole's account may read what it watches, and only that.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "$0")/../common.sh"
kubectl=$1
account=system:serviceaccount:porthole:porthole

may() { "$kubectl" auth can-i "$1" "$2" --as "$account" --all-namespaces > /dev/null 2>&1; }

watched=(
  pods nodes namespaces services events deployments.apps replicasets.apps statefulsets.apps daemonsets.apps
  jobs.batch cronjobs.batch ingresses.networking.k8s.io gateways.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io
  certificates.cert-manager.io certificaterequests.cert-manager.io orders.acme.cert-manager.io challenges.acme.cert-manager.io
  applications.argoproj.io
)
for resource in "${watched[@]}"; do
  for verb in get list watch; do
    may "$verb" "$resource" || die "Porthole may not $verb $resource, which it watches"
  done
  for verb in create update patch delete; do
    ! may "$verb" "$resource" || die "Porthole may $verb $resource, which it never does"
  done
done
for resource in secrets configmaps serviceaccounts/token pods/exec pods/log roles.rbac.authorization.k8s.io; do
  for verb in get list create; do
    ! may "$verb" "$resource" || die "Porthole may $verb $resource, which it never needs"
  done
done
say "rights: get, list and watch on ${#watched[@]} kinds, and nothing else that was asked for"
