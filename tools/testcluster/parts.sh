# shellcheck shell=bash
# The parts of a test cluster: where their programs are, how each is started, how they are ended. Read by cluster.sh, which sets
# $dir (the cluster's folder), $here, and from $dir/ports one port each: $etcd $etcd_peer $apiserver $controllers $scheduler $kwok.
# shellcheck disable=SC2154

# The command line of a part: a program of KUBEBUILDER_ASSETS, or ours with the part as its first argument.
program() {
  local given=${KUBEBUILDER_ASSETS:-/nonexistent}
  case $1 in
    etcd | kubectl) given+=/$1 ;;
    *) given+=/kube-$1 ;;
  esac
  if [ -x "$given" ]; then
    printf '%s\n' "$given"
  else
    printf '%s\n' "$("$here/build.sh" kubernetes)/testcluster" "$1"
  fi
}

# `name=port` for each name, all different and unused now.
free_ports() {
  local name port taken=" "
  for name in "$@"; do
    while port=$(free_port); [[ $taken == *" $port "* ]]; do :; done
    taken+="$port "
    echo "$name=$port"
  done
}

start() {
  local name=$1
  shift
  start_process "$dir/$name.pid" "$dir/$name.log" "$@"
}

# Each of our processes carries the cluster's folder in its arguments. The API server gets one second: it would wait a minute for clients
# to end their watches, and it keeps nothing that a hard end could spoil.
end() {
  local patience=100
  [ "$1" != apiserver ] || patience=10
  end_process "$dir/$1.pid" "$dir/" "$patience"
}

start_etcd() {
  local command client=http://127.0.0.1:$etcd peer=http://127.0.0.1:$etcd_peer
  mapfile -t command < <(program etcd)
  start etcd "${command[@]}" --data-dir "$dir/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
}

# The reconciler of endpoints must be off: it refuses loopback addresses.
start_apiserver() {
  local command extra=()
  mapfile -t command < <(program apiserver)
  # Without controllers nobody makes the default ServiceAccount that this plugin asks for.
  [ -n "$full" ] || extra=(--disable-admission-plugins ServiceAccount)
  start apiserver "${command[@]}" "${extra[@]}" \
    --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --secure-port "$apiserver" --endpoint-reconciler-type none \
    --tls-cert-file "$dir/pki/server.crt" --tls-private-key-file "$dir/pki/server.key" --client-ca-file "$dir/pki/ca.crt" \
    --authorization-mode RBAC --allow-privileged --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$dir/pki/sa.key" --service-account-signing-key-file "$dir/pki/sa.key" \
    --service-cluster-ip-range 10.96.0.0/16 --kubelet-preferred-address-types InternalIP \
    --kubelet-client-certificate "$dir/pki/admin.crt" --kubelet-client-key "$dir/pki/admin.key"
  await 60 "$dir/kubectl" get --raw /readyz
}

# A lost node is noticed after 20 s instead of 50: kwok renews the leases every 5 s (start_kwok).
start_controllers() {
  local command
  mapfile -t command < <(program controller-manager)
  start controllers "${command[@]}" --kubeconfig "$dir/kubeconfig" --bind-address 127.0.0.1 --secure-port "$controllers" \
    --tls-cert-file "$dir/pki/server.crt" --tls-private-key-file "$dir/pki/server.key" \
    --service-account-private-key-file "$dir/pki/sa.key" --root-ca-file "$dir/pki/ca.crt" \
    --leader-elect=false --controllers='*,-nodeipam' --node-monitor-grace-period=20s --node-monitor-period=2s
  mapfile -t command < <(program scheduler)
  start scheduler "${command[@]}" --kubeconfig "$dir/kubeconfig" --bind-address 127.0.0.1 --secure-port "$scheduler" \
    --tls-cert-file "$dir/pki/server.crt" --tls-private-key-file "$dir/pki/server.key" --leader-elect=false
}

start_kwok() {
  local built file config=()
  built=$("$here/build.sh" kwok)
  for file in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
    volume/fast/{pv-bind,pv-delete,pvc-provision,pvc-delete}; do
    config+=(--config "$built/stages/$file.yaml")
  done
  for file in pods faults endings; do config+=(--config "$here/stages/$file.yaml"); done
  sed "s|@DIR@|$here/stages|" "$here/stages/logs.yaml" > "$dir/logs.yaml"
  start kwok "$built/kwok" --kubeconfig "$dir/kubeconfig" --manage-all-nodes=false \
    --manage-nodes-with-label-selector testcluster/kubelet=kwok \
    "${config[@]}" --config "$dir/logs.yaml" \
    --node-lease-duration-seconds 20 --node-ip 127.0.0.1 --node-port "$kwok" --server-address "127.0.0.1:$kwok" \
    --tls-cert-file "$dir/pki/server.crt" --tls-private-key-file "$dir/pki/server.key"
}
