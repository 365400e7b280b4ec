#!/usr/bin/env bash
# A PostgreSQL of our own on loopback, in a folder of its own, without durability: for tests.
#   postgres.sh up DIR      start; prints its URL (a superuser; trusts every local connection, and forgets all when DIR goes)
#   postgres.sh down DIR    end it
# As root it runs as `postgres` or `nobody`, for initdb refuses root: DIR must be where those can reach it, such as under /tmp.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# Debian keeps the server's programs off the PATH, in a folder for each version: the newest.
bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2> /dev/null | sort -V | tail -n 1)
bin=${bin:-$(pg_config --bindir 2> /dev/null || true)}
[ -x "$bin/initdb" ] || die "PostgreSQL is missing: run tools/setup.sh test"

command=${1:?usage: postgres.sh up|down DIR}
dir=${2:?usage: postgres.sh up|down DIR}

# Puts a command line into $as: as another user where we are root.
as=()
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres > /dev/null 2>&1 && user=postgres
  as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi

up() {
  mkdir -p "$dir"
  chmod 755 "$dir"
  [ "$(id -u)" != 0 ] || chown "$user" "$dir"
  local port
  port=$(free_port)
  (
    cd "$dir"
    "${as[@]}" "$bin/initdb" --pgdata "$dir/data" --username porthole --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync
  ) > "$dir/postgres.log" 2>&1
  start_process "$dir/pid" "$dir/postgres.log" "${as[@]}" "$bin/postgres" -D "$dir/data" -p "$port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB
  if ! await 30 "$bin/pg_isready" -U porthole -d postgres -h 127.0.0.1 -p "$port"; then
    tail -n 20 "$dir/postgres.log" >&2
    down
    die "PostgreSQL did not start"
  fi
  echo "postgres://porthole@127.0.0.1:$port/postgres"
}

# At once: it would wait for its clients to leave, and nothing in it is worth keeping.
down() {
  [ ! -e "$dir/pid" ] || "${as[@]}" "$bin/pg_ctl" stop -D "$dir/data" -m immediate > /dev/null 2>&1 || true
  end_process "$dir/pid" "$dir/data"
}

case $command in
  up) up ;;
  down) down ;;
  *) die "usage: postgres.sh up|down DIR" ;;
esac
