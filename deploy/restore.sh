#!/bin/sh
# Restores what backup.sh made.
#
#   restore.sh base FILE FOLDER    the cluster into a new data folder; start PostgreSQL on it, and it
#                                  reads on in the archived WAL to its end
#   restore.sh dump FILE           the database into the empty one of DATABASE_SUPERUSER_URL
#   restore.sh photos FILE FOLDER  the photos into a new folder, the site's ATTACHMENTS_DIR
#   restore.sh wal NAME PATH       one WAL file; PostgreSQL's restore_command, set by `base`
#
# Needs BACKUP_DIR, BACKUP_KEY_FILE and PG_BIN as backup.sh does. See docs/manual/backup.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/sealed.sh"

WRONG="打不开：密钥不对，或者备份文件坏了 (wrong key or damaged file)"

restore_base() {
  [ -f "$1" ] || die "没有这个备份：$1 (no such backup)" 2
  if [ -d "$2" ] && [ -n "$(ls -A "$2")" ]; then
    die "$2 里已有东西，不会覆盖 (the folder is not empty)" 2
  fi
  mkdir -p "$(dirname "$2")"
  work=$(mktemp -d "$2.part-XXXXXX")
  unseal "$1" "$work/file" || die "$WRONG：$1"
  mkdir "$work/data"
  tar -C "$work/data" --no-same-owner -xf "$work/file"
  rm "$work/file"
  "$(program pg_verifybackup)" -q "$work/data" || die "备份和它的清单对不上，没有恢复 (refused)"
  read_on_in_the_archive "$work/data"
  [ ! -d "$2" ] || rmdir "$2"
  mv "$work/data" "$2"
  echo "已恢复到 $2，可以启动 PostgreSQL (restored; start PostgreSQL on it)"
  echo "归档已关掉：确认无误以后再打开，并重新做一次 base (archiving is off until you turn it on)"
}

read_on_in_the_archive() {
  case "$BACKUP_DIR$BACKUP_KEY_FILE$here" in
    *[\'\"\ ]*) die "路径里不能有引号和空格 (no quotes or spaces in paths)" 2 ;;
  esac
  touch "$1/recovery.signal"
  cat >>"$1/postgresql.auto.conf" <<END
restore_command = 'BACKUP_DIR=$BACKUP_DIR BACKUP_KEY_FILE=$BACKUP_KEY_FILE $here/restore.sh wal %f %p'
recovery_target_timeline = 'latest'
archive_mode = 'off'
END
}

restore_dump() {
  [ -f "$1" ] || die "没有这个备份：$1 (no such backup)" 2
  work=$(mktemp -d "$BACKUP_DIR/.work-XXXXXX")
  unseal "$1" "$work/file" || die "$WRONG：$1"
  tables=$(as_superuser -At -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
  [ "$tables" = 0 ] || die "这个库不是空的，不会覆盖 (the database is not empty)" 2
  as_superuser -f "$here/sql/roles.sql"
  "$(program pg_restore)" --exit-on-error --single-transaction \
    -d "$DATABASE_SUPERUSER_URL" "$work/file"
  echo "已恢复 (restored)"
}

restore_photos() {
  [ -f "$1" ] || die "没有这个备份：$1 (no such backup)" 2
  if [ -d "$2" ] && [ -n "$(ls -A "$2")" ]; then
    die "$2 里已有东西，不会覆盖 (the folder is not empty)" 2
  fi
  work=$(mktemp -d "$BACKUP_DIR/.work-XXXXXX")
  unseal "$1" "$work/file" || die "$WRONG：$1"
  mkdir -p -m 700 "$2"
  tar -C "$2" --no-same-owner -xf "$work/file"
  echo "已恢复到 $2 (restored)"
}

as_superuser() {
  "$(program psql)" -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_SUPERUSER_URL" "$@"
}

# No such file is the end of the archive. A file that cannot be opened must not look like it:
# above 125 PostgreSQL stops instead of opening with less than there is.
restore_wal() {
  [ -e "$BACKUP_DIR/wal/$1.enc" ] || exit 1
  unseal "$BACKUP_DIR/wal/$1.enc" "$2" || die "$WRONG：$1" 200
}

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
need_key
case "${1:-} $#" in
  "base 3") restore_base "$2" "$3" ;;
  "dump 2") need DATABASE_SUPERUSER_URL && restore_dump "$2" ;;
  "photos 3") restore_photos "$2" "$3" ;;
  "wal 3") restore_wal "$2" "$3" ;;
  *) die "restore.sh base FILE FOLDER | dump FILE | photos FILE FOLDER | wal NAME PATH" 2 ;;
esac
