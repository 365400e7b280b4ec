#!/usr/bin/env bash
# Installs what a machine lacks; does nothing, and needs no network, where all is there.
#   setup.sh run    what `make run` needs: Rust, a C compiler, Node.js
#   setup.sh test   also what `make test` needs: Go, PostgreSQL, Chromium, nginx, Caddy, Python, fonts
# On Debian and Ubuntu by apt-get (with sudo where we are not root) and rustup; elsewhere it says what to install.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

level=${1:-run}
[[ $level == run || $level == test ]] || die "usage: setup.sh run|test"

# Each: what to look for, the Debian package, and what to call it elsewhere.
has() { command -v "$1" > /dev/null; }
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || has initdb; }
has_venv() { python3 -c 'import ensurepip, venv' 2> /dev/null; }
has_korean_font() { compgen -G '/usr/share/fonts/*/*/NotoSansCJK*' > /dev/null || { has fc-list && [ -n "$(fc-list :lang=ko)" ]; }; }

packages=() names=()
want() {
  local package=$1 name=$2
  shift 2
  "$@" || { packages+=("$package"); names+=("$name"); }
}

want git "git" has git
want curl "curl" has curl
want build-essential "a C compiler and make" has cc
if [ "$level" = test ]; then
  want postgresql "PostgreSQL 14 or newer (server)" has_postgres
  want chromium "Chromium" eval "browser > /dev/null"
  want nginx "nginx" eval 'has nginx || [ -x /usr/sbin/nginx ]'
  want caddy "Caddy 2" has caddy
  want python3-venv "Python 3.9 or newer with venv" has_venv
  want fonts-noto-cjk "a font with Korean letters (Noto CJK)" has_korean_font
  want openssl "openssl" has openssl
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    die "root is needed for: $* (and sudo is missing)"
  fi
}

# Keeps packages from starting their services: we start our own, on other ports, when they are needed.
without_services() {
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
    as_root chmod 755 "$policy"
  fi
  "$@"
}

apt_install() {
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  say "installing ${packages[*]}"
  "${apt[@]}" update || die "apt-get update failed; install by hand: ${packages[*]}"
  without_services "${apt[@]}" install -y --no-install-recommends "${packages[@]}" > /dev/null \
    || die "apt-get could not install: ${packages[*]}"
}

if [ ${#packages[@]} -gt 0 ]; then
  has apt-get || die "please install: $(printf '%s; ' "${names[@]}")then run this again"
  apt_install
fi

# True when version $1 is at least $2.
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

rust=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$root/rust-toolchain.toml")
if ! has cargo; then
  say "installing Rust by rustup"
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --no-modify-path --profile minimal --default-toolchain none \
    || die "Rust is missing and rustup could not be fetched: install it from https://rustup.rs"
fi
# With rustup this also fetches the version that rust-toolchain.toml names, the first time.
found=$(cd "$root" && cargo --version | cut -d' ' -f2) || die "Rust $rust cannot be installed: run \`rustup toolchain install $rust\`"
at_least "$found" "$rust" || die "Rust $found is too old: install rustup from https://rustup.rs, it fetches $rust"

node=20.19.0
if ! has node || ! at_least "$(node --version | tr -d v)" "$node"; then
  # Debian 13 and later have it; older ones do not.
  candidate=$(apt-cache policy nodejs 2> /dev/null | sed -n 's/.*Candidate: \([0-9.]*\).*/\1/p' || true)
  at_least "${candidate:-0}" "$node" || die "Node.js $node or newer is missing: install it from https://nodejs.org"
  packages=(nodejs npm)
  apt_install
fi

[ "$level" = test ] || exit 0

# Go fetches the version of a go.mod by itself from 1.21 on.
go=1.21
if ! has go || ! at_least "$(go env GOVERSION | sed "s/^go//")" "$go"; then
  candidate=$(apt-cache policy golang-go 2> /dev/null | sed -n 's/.*Candidate: 2:\([0-9.]*\).*/\1/p' || true)
  at_least "${candidate:-0}" "$go" || die "Go 1.26 or newer is missing (only tests need it): install it from https://go.dev/dl"
  packages=(golang-go)
  apt_install
fi
