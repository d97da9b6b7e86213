#!/bin/sh
# Backs the database up, encrypted. The keys of personal data (KEYS_DIR) are never in it.
#
#   backup.sh base             the whole cluster, to go on from with the archived WAL
#   backup.sh dump             the site's database by itself, for another version or machine
#   backup.sh photos           the photos of ATTACHMENTS_DIR; after the database, never before it
#   backup.sh wal PATH NAME    one WAL file; for PostgreSQL's archive_command
#
# BACKUP_DIR and BACKUP_KEY_FILE say where to and with which key; base and dump log in by
# BACKUP_DATABASE_URL. PG_BIN names the folder of PostgreSQL's programs. See docs/manual/backup.md.
set -eu
. "$(dirname "$0")/sealed.sh"

back_up_base() {
  "$(program pg_basebackup)" -d "$BACKUP_DATABASE_URL" -D "$work/base" -Fp -X stream \
    --checkpoint=fast --manifest-checksums=SHA256
  "$(program pg_verifybackup)" -q "$work/base"
  if [ -n "$(find "$work/base" -name field.keys -o -name lookup.key -o -name witness.key)" ]; then
    die "数据目录里有密钥文件，备份不能带着密钥：请把 KEYS_DIR 移到别处 (KEYS_DIR is inside the data)"
  fi
  tar -C "$work/base" -cf "$work/file" .
  rm -r "$work/base"
  seal "$work/file" "$BACKUP_DIR/base-$now.tar.enc"
  echo "$BACKUP_DIR/base-$now.tar.enc"
}

back_up_dump() {
  "$(program pg_dump)" -d "$BACKUP_DATABASE_URL" -Fc -f "$work/file"
  seal "$work/file" "$BACKUP_DIR/dump-$now.enc"
  echo "$BACKUP_DIR/dump-$now.enc"
}

# A photo is never changed once it is whole, so that this may run beside the site.
back_up_photos() {
  [ -d "$ATTACHMENTS_DIR" ] || die "没有照片目录：$ATTACHMENTS_DIR (no such folder)" 2
  tar -C "$ATTACHMENTS_DIR" --exclude='*.part' --exclude='*.half' -cf "$work/file" .
  seal "$work/file" "$BACKUP_DIR/photos-$now.tar.enc"
  echo "$BACKUP_DIR/photos-$now.tar.enc"
}

# PostgreSQL may ask twice for the same file: that is well if the content is the same.
archive_wal() {
  mkdir -p "$BACKUP_DIR/wal"
  if [ -e "$BACKUP_DIR/wal/$2.enc" ]; then
    unseal "$BACKUP_DIR/wal/$2.enc" "$work/file" && cmp -s "$1" "$work/file" && return
    die "已有另一个同名的日志：$2 (another file of this name is there)"
  fi
  seal "$1" "$BACKUP_DIR/wal/$2.enc"
}

need_key
mkdir -p "$BACKUP_DIR"
work=$(mktemp -d "$BACKUP_DIR/.work-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
now=$(date -u +%Y%m%dT%H%M%SZ)
case "${1:-}" in
  base) need BACKUP_DATABASE_URL && back_up_base ;;
  dump) need BACKUP_DATABASE_URL && back_up_dump ;;
  photos) need ATTACHMENTS_DIR && back_up_photos ;;
  wal) archive_wal "$2" "$3" ;;
  *) die "backup.sh base | dump | photos | wal PATH NAME" 2 ;;
esac
