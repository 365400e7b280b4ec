# shellcheck shell=bash
# Certificates of a test cluster and the kubeconfig that carries them. Read by cluster.sh.
# shellcheck disable=SC2154  # cluster.sh sets $dir

# A CA, one certificate for all servers, one for the administrator, and the key of ServiceAccount tokens.
make_pki() {
  mkdir -p "$1"
  {
    make_ca "$1"
    sign "$1" admin /O=system:masters/CN=admin
    sign "$1" server /CN=kube-apiserver
    openssl genrsa -out "$1/sa.key" 2048
  } > "$1/openssl.log" 2>&1
}

# With the certificates inside, so that the file may be copied anywhere.
write_kubeconfig() {
  local pki=$1/pki
  cat << YAML
apiVersion: v1
kind: Config
clusters:
  - name: testcluster
    cluster:
      server: https://127.0.0.1:$2
      certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
  - name: admin
    user:
      client-certificate-data: $(base64 -w0 "$pki/admin.crt")
      client-key-data: $(base64 -w0 "$pki/admin.key")
contexts:
  - name: testcluster
    context: {cluster: testcluster, user: admin}
current-context: testcluster
YAML
}

write_kubectl() {
  local command
  mapfile -t command < <(program kubectl)
  printf '#!/bin/sh\nexec%s --kubeconfig %q "$@"\n' "$(printf ' %q' "${command[@]}")" "$dir/kubeconfig" > "$dir/kubectl"
  chmod +x "$dir/kubectl"
}
