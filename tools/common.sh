# shellcheck shell=bash
# What the scripts in this folder share. Read with `. common.sh`.
# shellcheck disable=SC2034  # what is set here is used by the scripts that read it

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/porthole

# Outside the checkout by default, so that several checkouts compile the dependencies once.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
# rustup puts its programs here; a shell opened before the installation does not know them.
PATH=$PATH:$HOME/.cargo/bin

say() { printf '==> %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# The browser that tests drive, whatever it is called here.
browser() { type -P chromium || type -P chromium-browser || type -P google-chrome; }

# Runs "$@" with folder $1 as its argument unless that folder is there already. Two at once wait for each other, and a run that dies
# leaves only "$1.new", which the next one replaces.
once() {
  local target=$1
  shift
  [ ! -d "$target" ] || return 0
  mkdir -p "$(dirname "$target")"
  (
    flock 9
    [ ! -d "$target" ] || exit 0
    rm -rf "$target.new"
    "$@" "$target.new"
    mv "$target.new" "$target"
  ) 9> "$target.lock"
}

# Waits until a command succeeds, at most so many seconds.
await() {
  local until=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    if ((SECONDS >= until)); then
      say "gave up waiting for: $*"
      return 1
    fi
    sleep 0.1
  done
}

# Starts a command in a session of its own, so that a Ctrl-C meant for us does not reach it; its output goes to $2, its id to $1.
start_process() {
  local pid=$1 log=$2
  shift 2
  setsid "$@" < /dev/null >> "$log" 2>&1 &
  echo $! > "$pid"
}

# Ends the process whose id lies in file $1 and waits for it: TERM, and KILL after $3 tenths of a second (default: ten seconds).
# $2 must stand in its command line: an id that was given to a stranger since is left alone.
end_process() {
  local pid try
  pid=$(cat "$1" 2> /dev/null) || return 0
  for try in $(seq 0 "${3:-100}"); do
    grep -qsF "$2" "/proc/$pid/cmdline" || break
    case $try in
      0) kill "$pid" 2> /dev/null || true ;;
      "${3:-100}") kill -KILL "$pid" 2> /dev/null || true ;;
    esac
    sleep 0.1
  done
  rm -f "$1"
}

# A port that nobody listens on, below the range that the system takes for outgoing connections: a server that is stopped for a while
# finds its port free again.
free_port() {
  local port
  while port=$(shuf -i 12000-31999 -n 1); (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

# Into folder $1: a CA (ca.crt, ca.key). Elliptic keys, as RSA ones take a second each.
make_ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/ca.key" -out "$1/ca.crt" -subj "/CN=test CA" -days 30
}

# Into folder $1: a certificate for loopback signed by its CA, named $2, with subject $3.
sign() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/$2.key" -out "$1/$2.csr" -subj "$3"
  openssl x509 -req -in "$1/$2.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" -CAcreateserial -days 30 -out "$1/$2.crt" \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
}
