# Shared by backup.sh and restore.sh: one encrypted file, the SHA-256 of its content inside.
#
# AES-256-CBC, the key derived from the first line of BACKUP_KEY_FILE. The digest inside tells a
# wrong key or a damaged file from a good one; CBC alone would hand over garbage.

umask 077

die() {
  echo "$1" >&2
  exit "${2:-1}"
}

need() {
  for name in "$@"; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || die "没有设置 $name ($name is not set)" 2
  done
}

program() {
  echo "${PG_BIN:+$PG_BIN/}$1"
}

need_key() {
  need BACKUP_DIR BACKUP_KEY_FILE
  [ -s "$BACKUP_KEY_FILE" ] || die "没有密钥文件：$BACKUP_KEY_FILE (no key file)" 2
  case $(realpath "$BACKUP_KEY_FILE")/ in
    "$(realpath -m "$BACKUP_DIR")"/*)
      die "密钥不能放在备份的目录里，要分开放 (keep the key apart from the backups)" 2 ;;
  esac
}

cipher() {
  openssl enc "$@" -aes-256-cbc -pbkdf2 -iter 100000 -pass "file:$BACKUP_KEY_FILE"
}

digest() {
  sha256sum <"$1" | cut -c1-64
}

# seal FILE SEALED: on the disk under its name only when it is whole.
seal() {
  sum=$(digest "$1")
  { echo "$sum"; cat "$1"; } | cipher -salt -out "$2.part"
  sync "$2.part"
  mv "$2.part" "$2"
}

# unseal SEALED FILE: fails when the key is wrong or a bit has changed.
unseal() {
  cipher -d -in "$1" 2>/dev/null | { dd bs=1 count=65 of="$2.sum" 2>/dev/null; cat >"$2"; }
  found=$(digest "$2")
  if [ "$(tr -d '\0\n' <"$2.sum")" = "$found" ]; then
    rm "$2.sum"
    return 0
  fi
  rm "$2.sum" "$2"
  return 1
}
