#!/usr/bin/env bash
# Runs a command with the servers that tests talk to, and ends them with it:
#   tools/servers.sh cargo test -p api --test it
# The command sees, beside its own environment:
#   PORTHOLE_TEST_POSTGRES_URL       a superuser of a PostgreSQL of this run; each test makes its own database
#   PORTHOLE_TEST_SMTP, _SMTP_TLS, _SMTP_PLAIN, _SMTP_MAIL_DIR, _SMTP_CA     a mail server: see smtp/server.py
#   PORTHOLE_TEST_KUBECONFIG         a whole Kubernetes of this run; each test makes its own namespace
#   PORTHOLE_TEST_CLUSTER_TOOL       testcluster/cluster.sh, for tests that cut the connection and need a cluster of their own
#   PORTHOLE_TEST_DIR                a folder that is removed at the end; clusters left running in folders of it are ended
# Settings of the caller's own installation (PORTHOLE_*, KUBECONFIG) do not reach it: no test may touch that.
# PORTHOLE_RUN_DIR says where the servers' logs are kept; what they complained about is shown when the command fails.
# shellcheck disable=SC2317  # finish() is reached by the trap
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
mkdir -p "$run" "$work"/{cluster,postgres,smtp,tests}
child=

# What the servers complained about, before they complain of being stopped. Short, so that the end of the tests' own output stays in sight.
show_complaints() {
  local log
  for log in "$work"/*/*.log; do
    grep -aE '^[EF][0-9]{4} |ERROR|FATAL|PANIC|panic|"level":"(error|fatal)"|Traceback' "$log" | tail -n 3 | cut -c1-240 \
      | sed "s/^/$(basename "$log" .log): /" >&2 || true
  done
}

finish() {
  local result=$? log ports
  trap - EXIT
  # The command's whole process group; it is gone already unless we were interrupted.
  [ -z "$child" ] || kill -- "-$child" 2> /dev/null || true
  [ "$result" = 0 ] || show_complaints
  for ports in "$work"/tests/*/ports "$work/cluster/ports"; do
    [ ! -e "$ports" ] || "$here/testcluster/cluster.sh" down "$(dirname "$ports")"
  done
  "$here/smtp/smtp.sh" down "$work/smtp"
  "$here/postgres.sh" down "$work/postgres"
  for log in "$work"/*/*.log; do
    [ ! -s "$log" ] || cp "$log" "$run/"
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
export PORTHOLE_TEST_DIR=$work/tests

# In the background, for bash answers a signal only once what runs in the foreground has ended; in a process group of its own (-m), so that
# all of it can be ended.
set -m
"$@" < /dev/null &
child=$!
set +m
result=0
wait "$child" || result=$?
child=
exit "$result"
