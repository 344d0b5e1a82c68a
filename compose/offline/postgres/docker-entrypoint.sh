#!/bin/bash
# What compose files expect of the official postgres image: variables, secrets as files, initdb.d, any user.
set -Eeo pipefail

# NAME, or the content of the file that NAME_FILE names, or a default.
from_file() {
  local name=$1 file=${1}_FILE
  if [ -n "${!file:-}" ]; then
    [ -z "${!name:-}" ] || { echo "error: both $name and $file are set" >&2; exit 1; }
    export "$name=$(<"${!file}")"
    unset "$file"
  else
    export "$name=${!name:-${2:-}}"
  fi
}

as_owner() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres:postgres "$PGDATA"
  chown postgres:postgres /var/run/postgresql
  exec setpriv --reuid postgres --regid postgres --init-groups -- "$0" "$@"
}

init_cluster() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  chmod 700 "$PGDATA"
  local waldir=${POSTGRES_INITDB_WALDIR:+--waldir=$POSTGRES_INITDB_WALDIR}
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") $waldir '"$POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
}

# Scripts run against a server that only this container can reach.
run_init_files() {
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  local options=${2:+$(printf '%q ' "${@:2}")}
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "$options -c listen_addresses='' -p 5432" -w start
  local psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER") file
  if [ "$POSTGRES_DB" != postgres ]; then
    printf 'CREATE DATABASE :"db";\n' | "${psql[@]}" --dbname postgres -v db="$POSTGRES_DB"
  fi
  psql+=(--dbname "$POSTGRES_DB")
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${psql[@]}" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${psql[@]}" ;;
      *.sql.xz) xzcat "$file" | "${psql[@]}" ;;
      *.sql.zst) zstd -dc "$file" | "${psql[@]}" ;;
    esac
  done
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  echo 'PostgreSQL init process complete; ready for start up.'
}

[ "${1:0:1}" = - ] && set -- postgres "$@"
if [ "$1" = postgres ]; then
  [ "$(id -u)" != 0 ] || as_owner "$@"
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # A folder that cannot be read must not end in a half-made database.
    ls /docker-entrypoint-initdb.d > /dev/null
    init_cluster
    run_init_files "$@"
  fi
fi
exec "$@"
