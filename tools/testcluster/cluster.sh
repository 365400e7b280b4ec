#!/usr/bin/env bash
# A real Kubernetes API on loopback for tests, in a folder of its own. Needs no root and no container engine.
#
#   cluster.sh up DIR [--full]      start; ready when it returns; prints DIR/kubeconfig
#   cluster.sh stop-apiserver DIR   cut the connection (etcd keeps its data)
#   cluster.sh start-apiserver DIR  bring it back on the same port; waits until ready
#   cluster.sh stop-kwok DIR        --full only: every node loses its kubelet (NotReady some 20 s later)
#   cluster.sh start-kwok DIR
#   cluster.sh crds DIR NAME…       install custom resources: cert-manager, gateway-api, argo-cd
#   cluster.sh down DIR             end what was started, and only that; the logs stay
#   cluster.sh build                build what `up --full` needs, where that has not been done
#
# In DIR: kubeconfig (self-contained, cluster administrator), kubectl (a wrapper that uses it), <part>.log, pki/, etcd/.
# All other output goes to stderr.
#
# Without --full: etcd and the API server alone. Nothing acts on objects, so a test says what is true by patching statuses:
#   DIR/kubectl patch pod web -n NS --subresource=status -p '{"status":{"phase":"Running"}}'
# Deleted namespaces stay Terminating there, and pods need no ServiceAccount.
#
# With --full: controllers, scheduler and kwok as kubelet of the nodes node-a and node-b. Pods start at once; a label plays a fault until
# it is removed (stages/pods.yaml lists them):
#   testcluster/play: crash-loop | oom | oom-once | image-pull | config-error | not-ready | slow-start | fail | stuck
# kwok serves only nodes labelled testcluster/kubelet=kwok. A node without the label, and the pods bound to it, keep exactly the status
# that a test gives them; take the label from node-a and it becomes NotReady.
#
# KUBEBUILDER_ASSETS, a folder with kube-apiserver, etcd and kubectl, is used instead of our own build. --full also needs
# kube-controller-manager and kube-scheduler: those missing there come from our build, and so does kwok.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
# shellcheck source-path=SCRIPTDIR source=parts.sh
. "$here/parts.sh"
# shellcheck source-path=SCRIPTDIR source=pki.sh
. "$here/pki.sh"

usage() {
  sed -n '2,/^set -euo/{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
}

up() {
  local full=${1:-}
  [ ! -e "$dir/ports" ] || { say "$dir is in use: cluster.sh down $dir"; exit 1; }
  mkdir -p "$dir"
  trap could_not_start EXIT
  # The checks run before anything starts: a first build takes minutes.
  program etcd > /dev/null
  if [ -n "$full" ]; then program controller-manager > /dev/null; "$here/build.sh" kwok > /dev/null; fi
  free_ports etcd etcd_peer apiserver controllers scheduler kwok > "$dir/ports"
  echo "full=$full" >> "$dir/ports"
  make_pki "$dir/pki"
  # shellcheck source=/dev/null
  . "$dir/ports"
  write_kubeconfig "$dir" "$apiserver" > "$dir/kubeconfig"
  write_kubectl
  start_etcd
  start_apiserver
  [ -z "$full" ] || { start_controllers; start_kwok; furnish; }
  trap - EXIT
  echo "$dir/kubeconfig"
}

could_not_start() {
  say "could not start; the last lines of the logs in $dir:"
  tail -n 5 "$dir"/*.log >&2
  down
}

# Two nodes, a default storage class, and a default ServiceAccount, without which no pod is admitted.
furnish() {
  "$dir/kubectl" apply -f "$here/furniture.yaml" > /dev/null
  "$dir/kubectl" wait --for=condition=Ready node -l testcluster/kubelet=kwok --timeout=60s > /dev/null
  await 30 "$dir/kubectl" get serviceaccount default -n default
}

# The parts that talk to the API server end before it, and it before etcd: it would wait for etcd for ever.
down() {
  local part
  for part in kwok scheduler controllers apiserver etcd; do end "$part"; done
  rm -f "$dir/ports"
}

# The custom resources, read from the Go module cache; `go mod download` checks their hashes. The newest releases that ask for no newer Go
# than the control plane does: a newer one would fetch a whole toolchain, or fail where that is off.
crd_source() {
  case $1 in
    cert-manager) echo github.com/cert-manager/cert-manager@v1.21.2 deploy/crds ;;
    gateway-api) echo sigs.k8s.io/gateway-api@v1.6.3 config/crd/standard ;;
    argo-cd) echo github.com/argoproj/argo-cd/v3@v3.5.7 manifests/crds ;;
    *) say "unknown custom resources: $1"; exit 2 ;;
  esac
}

# Where the definitions lie; downloads them the first time. From /, so that no go.mod nearby has a say.
crd_folder() {
  local module folder root
  read -r module folder < <(crd_source "$1")
  root=$(cd / && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)".*/\1/p')
  [ -n "$root" ] || { say "cannot download $module"; exit 1; }
  echo "$root/$folder"
}

# Server-side: some definitions are too long for the annotation of a client-side apply.
crds() {
  local name folder file files
  for name in "$@"; do
    folder=$(crd_folder "$name")
    files=()
    for file in "$folder"/*.yaml; do
      if grep -q '^kind: CustomResourceDefinition' "$file"; then files+=(-f "$file"); fi
    done
    "$dir/kubectl" apply --server-side --force-conflicts "${files[@]}" > /dev/null
    # Again and again, as `wait` fails at once for a definition that has no conditions yet.
    await 60 "$dir/kubectl" wait --for=condition=Established "${files[@]}" --timeout=10s
    say "installed the custom resources of $name"
  done
}

build() {
  program etcd > /dev/null
  program controller-manager > /dev/null
  "$here/build.sh" kwok > /dev/null
  local name
  for name in cert-manager gateway-api argo-cd; do crd_folder "$name" > /dev/null; done
}

[ $# -ge 1 ] || usage
action=$1
shift
case $action in
  build) build; exit ;;
  up | down | crds | stop-apiserver | start-apiserver | stop-kwok | start-kwok) ;;
  *) usage ;;
esac
[ $# -ge 1 ] || usage
mkdir -p "$1"
dir=$(cd "$1" && pwd)
shift
if [ "$action" != up ]; then
  [ -e "$dir/ports" ] || { [ "$action" = down ] && exit; say "no cluster in $dir"; exit 1; }
  # shellcheck source=/dev/null
  . "$dir/ports"
fi
case $action in
  up)
    case ${1:-} in
      '' | --full) up "${1:-}" ;;
      *) usage ;;
    esac
    ;;
  down) down ;;
  crds) crds "$@" ;;
  stop-apiserver) end apiserver ;;
  start-apiserver) start_apiserver ;;
  stop-kwok) end kwok ;;
  start-kwok) start_kwok ;;
esac
