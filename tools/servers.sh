#!/usr/bin/env bash
# Runs a command with the servers that tests talk to, and ends them with it:
#   tools/servers.sh cargo test -p api --test it
# The command sees, beside its own environment:
#   PORTHOLE_TEST_POSTGRES_URL       a superuser of a PostgreSQL of this run; each test makes its own database
#   PORTHOLE_TEST_SMTP, _SMTP_TLS, _SMTP_PLAIN, _SMTP_MAIL_DIR, _SMTP_CA     a mail server: see smtp/server.py
#   PORTHOLE_TEST_KUBECONFIG         a whole Kubernetes of this run; each test makes its own namespace
#   PORTHOLE_TEST_CLUSTER_TOOL       testcluster/cluster.sh, for tests that cut the connection and need a cluster of their own
# Settings of the caller's own installation (PORTHOLE_*, KUBECONFIG) do not reach it: no test may touch that.
# PORTHOLE_RUN_DIR says where the servers' logs are kept; their ends are shown when the command fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
[ $# -gt 0 ] || die "usage: servers.sh COMMAND…"

run=${PORTHOLE_RUN_DIR:-$cache/run/$(date +%Y%m%d-%H%M%S)-$$}
for name in "${!PORTHOLE_@}"; do unset "$name"; done
# Readable for PostgreSQL, which runs as another user where we are root.
work=$(mktemp -d "${TMPDIR:-/tmp}/porthole-test.XXXXXX")
chmod 755 "$work"
mkdir -p "$run" "$work"/{cluster,postgres,smtp}

finish() {
  local result=$? log
  trap - EXIT
  "$here/testcluster/cluster.sh" down "$work/cluster"
  "$here/smtp/smtp.sh" down "$work/smtp"
  "$here/postgres.sh" down "$work/postgres"
  for log in "$work"/*/*.log; do
    [ -s "$log" ] || continue
    cp "$log" "$run/$(basename "$log")"
    [ "$result" = 0 ] || { say "the end of $(basename "$log")"; tail -n 8 "$log" | cut -c1-400 >&2; }
  done
  rm -rf "$work"
  say "logs of the servers: $run"
  exit "$result"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

began=$SECONDS
url=$("$here/postgres.sh" up "$work/postgres")
mail=$("$here/smtp/smtp.sh" up "$work/smtp")
kubeconfig=$("$here/testcluster/cluster.sh" up "$work/cluster" --full)
say "PostgreSQL, mail server and Kubernetes are up after $((SECONDS - began)) s"

export PORTHOLE_TEST_POSTGRES_URL=$url
while read -r line; do export "${line?}"; done <<< "$mail"
export PORTHOLE_TEST_KUBECONFIG=$kubeconfig
export PORTHOLE_TEST_CLUSTER_TOOL=$here/testcluster/cluster.sh
# A file that is not there: what looks for a cluster without being told which finds none.
export KUBECONFIG=$work/no-kubeconfig
"$@"
