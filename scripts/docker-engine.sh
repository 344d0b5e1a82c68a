#!/usr/bin/env bash
# A Docker engine with Compose and buildx on a bare Debian machine without systemd, from Debian packages alone.
#   scripts/docker-engine.sh up | down | purge | status | unpack
# `up` uses an engine that answers already and never touches it; else it unpacks the engine below .cache/docker-ci and
# starts it. `down` stops what `up` has started and nothing else; `purge` also deletes what it made; `unpack` only downloads, for a machine that caches .cache.
# Needs root. runc, iptables and tini come by apt-get from the running release, the rest from the one after it, because
# older engines know neither start_interval nor the API versions of newer ones.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STATE=${DOCKER_CI_STATE:-$HERE/.cache/docker-ci}
SOCKET=${DOCKER_CI_SOCKET:-/var/run/docker.sock}
# The paths of sockets are limited to 107 characters, so this one cannot lie below the project.
EXEC_ROOT=${DOCKER_CI_EXEC_ROOT:-/var/run/botpool-docker-ci}
BIN_LINKS=${DOCKER_CI_BIN:-/usr/local/bin}
PLUGIN_LINKS=${DOCKER_CI_PLUGINS:-/usr/local/lib/docker/cli-plugins}
RELEASE=${DOCKER_CI_RELEASE:-trixie}
WAIT_SECONDS=${DOCKER_CI_WAIT:-60}
ROOT=$STATE/root
LOG=$STATE/dockerd.log
export DEBIAN_FRONTEND=noninteractive

say() { printf 'docker-engine: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Perl's base is on every Debian machine; a client or curl may be missing.
answers() {
  timeout 3 perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) && connect(S, sockaddr_un($ARGV[0])) or exit 1;
    syswrite S, "GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n"; sysread(S, $b, 64); exit($b =~ m{ 200 } ? 0 : 1)' "$SOCKET" 2>/dev/null
}

# A killed one may linger as a zombie.
is_dockerd() { [ -n "$1" ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = dockerd ] && ! grep -q '^State:.Z' "/proc/$1/status"; }

# A pid alone could be another's by now, so its start time is kept beside it.
started_at() { awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat" 2>/dev/null || true; }
our_pid() {
  local pid start
  read -r pid start 2>/dev/null < "$STATE/started" || return 0
  if is_dockerd "$pid" && [ "$(started_at "$pid")" = "$start" ]; then echo "$pid"; fi
}

# Two engines in one network namespace rewrite each other's firewall rules.
foreign_engine() {
  local net process
  net=$(readlink /proc/self/ns/net)
  for process in /proc/[0-9]*; do
    is_dockerd "${process#/proc/}" && [ "$(readlink "$process/ns/net" 2>/dev/null)" = "$net" ] && { echo "${process#/proc/}"; return; }
  done
  return 0
}

# The mirror that this machine's apt uses already.
mirror() {
  { sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources
    sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null | grep -v security | head -n 1 || true
}

# apt with an index of its own: the machine's lists and pins stay as they are.
own_apt() {
  local command=$1 folder=$STATE/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  shift
  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(mirror)" "$RELEASE" > "$folder/sources.list"
  "apt-$command" -qq -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache::archives="$folder/archives" -o Dir::Cache::pkgcache= \
    -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# unpack PACKAGE…: below $ROOT, each once.
unpack() {
  local wanted=() name folder file
  for name in "$@"; do [ -f "$ROOT/.got-$name" ] || wanted+=("$name"); done
  [ ${#wanted[@]} -gt 0 ] || return 0
  say "unpacking ${wanted[*]} of $RELEASE"
  mkdir -p "$ROOT"
  folder=$(mktemp -d "$STATE/download.XXXXXX")
  (cd "$folder" && { own_apt get download "${wanted[@]}" 2>/dev/null || { own_apt get update && own_apt get download "${wanted[@]}"; }; })
  for file in "$folder"/*.deb; do dpkg -x "$file" "$ROOT"; done
  for name in "${wanted[@]}"; do : > "$ROOT/.got-$name"; done
  rm -rf "$folder"
}

# install PROGRAM PACKAGE …: from the running release, what is missing.
install() {
  local wanted=() quiet=(apt-get -qq -o=Dpkg::Use-Pty=0 -o Acquire::Retries=3)
  while [ $# -gt 0 ]; do have "$1" || wanted+=("$2"); shift 2; done
  [ ${#wanted[@]} -gt 0 ] || return 0
  say "apt-get install ${wanted[*]}"
  "${quiet[@]}" install -y --no-install-recommends "${wanted[@]}" >"$STATE/apt.log" 2>&1 && return 0
  { "${quiet[@]}" update && "${quiet[@]}" install -y --no-install-recommends "${wanted[@]}"; } >>"$STATE/apt.log" 2>&1 ||
    { tail -20 "$STATE/apt.log" >&2; die "apt-get could not install ${wanted[*]}"; }
}

# A link that somebody else has made stays; ours are written down for `purge`.
link() {
  mkdir -p "$(dirname "$2")"
  if [ -L "$2" ] && [ "$(readlink "$2")" = "$1" ]; then return 0; fi
  [ ! -e "$2" ] || return 0
  ln -sfn "$1" "$2"
  echo "$2" >> "$STATE/links"
}

# The client and its plugins, unless the machine has them.
client() {
  local plugin
  if ! have docker; then unpack docker-cli; link "$ROOT/usr/bin/docker" "$BIN_LINKS/docker"; fi
  for plugin in docker-compose docker-buildx; do
    docker "${plugin#docker-}" version >/dev/null 2>&1 && continue
    unpack "$plugin"
    link "$ROOT/usr/libexec/docker/cli-plugins/$plugin" "$PLUGIN_LINKS/$plugin"
  done
}

engine() {
  install runc runc iptables iptables tini-static tini
  unpack docker.io containerd
  # dockerd looks for its init under this name; Debian's package links it to a file that lies elsewhere here.
  ln -sfn "$(command -v tini-static)" "$ROOT/usr/bin/docker-init"
  ln -sfn "$(command -v tini-static)" "$ROOT/usr/bin/tini-static"
}

# Without systemd nobody may have mounted them.
cgroups() {
  local name
  mountpoint -q /sys/fs/cgroup && return 0
  say 'mounting control groups'
  if [ -z "$(awk '!/^#/ && $2 != 0' /proc/cgroups)" ]; then mount -t cgroup2 cgroup2 /sys/fs/cgroup; return; fi
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  for name in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
    mkdir -p "/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
  done
}

start() {
  local pid left
  # /run may lie on a disk: after a hard stop the file is still there, and its pid another's.
  rm -f "$STATE/dockerd.pid"
  cgroups
  ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  ulimit -u unlimited 2>/dev/null || true
  # shellcheck disable=SC2086 # DOCKER_CI_ARGS is a list of words
  PATH=$ROOT/usr/bin:$ROOT/usr/sbin:$PATH setsid nohup "$ROOT/usr/sbin/dockerd" --host "unix://$SOCKET" --data-root "$STATE/data" \
    --exec-root "$EXEC_ROOT" --pidfile "$STATE/dockerd.pid" --log-level warn --log-opt max-size=10m --log-opt max-file=3 \
    ${DOCKER_CI_ARGS:-} >>"$LOG" 2>&1 </dev/null &
  pid=$!
  for ((left = WAIT_SECONDS * 10; left > 0; left--)); do
    answers && break
    kill -0 "$pid" 2>/dev/null || { tail -20 "$LOG" >&2; die "dockerd ended, see $LOG"; }
    sleep .1
  done
  [ "$left" -gt 0 ] || { kill "$pid"; tail -20 "$LOG" >&2; die "dockerd gave no answer within $WAIT_SECONDS s, see $LOG"; }
  echo "$pid $(started_at "$pid")" > "$STATE/started"
  say "dockerd runs as process $pid, log $LOG"
}

# One at a time; the lock goes with this very process.
alone() {
  mkdir -p "$STATE"
  exec 9> "$STATE/lock"
  flock 9
}

up() {
  local other plugins
  alone
  if [ -n "${DOCKER_HOST:-}" ]; then say "DOCKER_HOST is $DOCKER_HOST: using that engine"; client 9>&-; return; fi
  if answers; then say "an engine answers on $SOCKET"; client 9>&-; return; fi
  [ "$(id -u)" = 0 ] || die 'installing an engine needs root'
  [ -f /etc/debian_version ] || die 'only Debian and its kin can install an engine this way'
  other=$(foreign_engine)
  [ -z "$other" ] || die "process $other is a Docker engine that does not answer on $SOCKET; name its socket in DOCKER_HOST, or stop it"
  engine 9>&-
  client 9>&- & plugins=$!
  start 9>&-
  wait "$plugins"
}

down() {
  local pid left
  pid=$(our_pid)
  [ -n "$pid" ] || { say 'no engine of ours runs'; rm -f "$STATE/started"; return 0; }
  kill "$pid"
  for ((left = 300; left > 0; left--)); do is_dockerd "$pid" || break; sleep .1; done
  [ "$left" -gt 0 ] || { kill -9 "$pid"; die "process $pid did not stop within 30 s and was killed"; }
  rm -f "$STATE/started"
  say 'stopped'
}

purge() {
  local link
  down
  if [ -f "$STATE/links" ]; then while read -r link; do [ ! -L "$link" ] || rm -f "$link"; done < "$STATE/links"; fi
  rm -rf "$STATE" "$EXEC_ROOT"
}

status() {
  answers || { say "no engine answers on $SOCKET"; exit 3; }
  if [ -n "$(our_pid)" ]; then say "our engine answers on $SOCKET"; else say "an engine that is not ours answers on $SOCKET"; fi
}

case "${1:-up}" in
  up) up ;;
  down) down ;;
  purge) purge ;;
  status) status ;;
  unpack) alone; engine 9>&-; client 9>&- ;;
  *) die 'up | down | purge | status | unpack' ;;
esac
