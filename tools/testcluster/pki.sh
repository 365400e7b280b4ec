# shellcheck shell=bash
# Certificates of a test cluster and the kubeconfig that carries them. Read by cluster.sh.

# A CA, and signed by it one certificate for all servers and one for the administrator; elliptic keys, as RSA ones take a second each.
make_pki() {
  mkdir -p "$1"
  (
    cd "$1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -subj /CN=testcluster -days 30
    sign admin /O=system:masters/CN=admin
    sign server /CN=kube-apiserver
    openssl genrsa -out sa.key 2048
  ) > "$1/openssl.log" 2>&1
}

sign() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
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
