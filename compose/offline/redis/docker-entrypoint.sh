#!/bin/sh
# What compose files expect of the official redis image: bare options or a file mean redis-server, root steps down.
set -e
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis: {} +
    exec setpriv --reuid redis --regid redis --init-groups -- "$0" "$@"
  fi
  umask 0077
fi
exec "$@"
