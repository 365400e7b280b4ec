#!/usr/bin/env bash
# A real mail server on loopback for tests; server.py tells what it answers to whom.
#   smtp.sh up DIR      start; prints lines `NAME=value` to be exported
#   smtp.sh down DIR    end it
#   smtp.sh prepare     install its packages, which `up` does otherwise
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"

command=${1:?usage: smtp.sh up|down DIR}
dir=${2:-}
[ -n "$dir" ] || [ "$command" = prepare ] || die "usage: smtp.sh up|down DIR"

make_venv() {
  say "installing the mail server of the tests"
  python3 -m venv "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
}

# The packages are installed once for this Python and these versions.
venv=$cache/venv-$({ python3 --version; cat "$here/requirements.txt"; } | sha256sum | cut -c1-12)

up() {
  mkdir -p "$dir"
  once "$venv" make_venv
  {
    make_ca "$dir"
    sign "$dir" server /CN=localhost
  } > "$dir/openssl.log" 2>&1
  start_process "$dir/pid" "$dir/smtp.log" "$venv/bin/python" "$here/server.py" "$dir"
  if ! await 30 test -e "$dir/env"; then
    tail -n 20 "$dir/smtp.log" >&2
    down
    die "the mail server did not start"
  fi
  cat "$dir/env"
}

down() {
  end_process "$dir/pid" "$dir"
  rm -f "$dir/env"
}

case $command in
  prepare) once "$venv" make_venv ;;
  up) up ;;
  down) down ;;
  *) die "usage: smtp.sh up|down DIR" ;;
esac
