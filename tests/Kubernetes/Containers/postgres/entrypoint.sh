#!/bin/sh
# A first start makes the cluster, its user with a password and its database; every start serves.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  umask 077
  printf '%s' "$POSTGRES_PASSWORD" >/var/run/postgresql/password
  initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile=/var/run/postgresql/password --auth-host=scram-sha-256 --auth-local=trust >/dev/null
  rm /var/run/postgresql/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$PGDATA" -j postgres >/dev/null
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' "$@"
