#!/bin/sh
# Brings a guarded database to this version of the code: takes the DDL guard off, migrates, installs
# the guard again, also when the migration fails. Stop the site and the workers first.
#
#   DATABASE_SUPERUSER_URL=postgresql:///villages DATABASE_OWNER_URL=… deploy/migrate.sh
#
# Needs the site's other variables as well (SECRET_KEY, DATABASE_URL, REDIS_URL). PG_BIN names the
# folder of psql, PYTHON the interpreter of the site.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-$here/../.venv/bin/python}
psql=${PG_BIN:+$PG_BIN/}psql
for name in DATABASE_SUPERUSER_URL DATABASE_OWNER_URL; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    echo "没有设置 $name ($name is not set)" >&2
    exit 2
  fi
done

as_superuser() {
  "$psql" -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_SUPERUSER_URL" -f "$here/sql/$1"
}

install_guard() {
  status=$?
  trap - EXIT
  if as_superuser ddl_guard.sql; then
    echo "改表守卫已经装上 (the DDL guard is installed)"
  else
    echo "改表守卫没有装上，请手工运行 deploy/sql/ddl_guard.sql (the DDL guard is NOT installed)" >&2
    exit 1
  fi
  exit "$status"
}

trap install_guard EXIT
trap 'exit 130' HUP INT TERM
as_superuser ddl_guard_off.sql
echo "改表守卫已经取下 (the DDL guard is off)"
"$python" "$here/../manage.py" prepare_database
