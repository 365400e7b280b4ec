#!/usr/bin/env bash
# rights.sh KUBECTL: asks the API server what Porthole's account may do, which must be exactly: read what it watches.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "$0")/../common.sh"

expected() {
  local resource
  for resource in pods nodes namespaces services events deployments.apps replicasets.apps statefulsets.apps daemonsets.apps \
    jobs.batch cronjobs.batch ingresses.networking.k8s.io gateways.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io \
    certificates.cert-manager.io certificaterequests.cert-manager.io orders.acme.cert-manager.io challenges.acme.cert-manager.io \
    applications.argoproj.io; do
    echo "$resource [get list watch]"
  done | sort
}

# Resource and verbs of each line of what a ServiceAccount may do.
may() {
  "$1" auth can-i --list --as "system:serviceaccount:$2" --namespace default --no-headers \
    | grep -v '^ ' | sed -E 's/^([^ ]+) .*(\[[^]]*\])$/\1 \2/' | sort
}

# Without what every account may do, such as asking for its own rights.
granted() { comm -23 <(may "$1" porthole:porthole) <(may "$1" default:anybody); }

diff -u <(expected) <(granted "$1") || die "Porthole's rights are not what it needs: + may do, - may not do"
say "rights: get, list and watch on $(expected | wc -l) kinds, and nothing else"
