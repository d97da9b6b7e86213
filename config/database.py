"""Brings a database to this version of the code, as its owner: tables, cache table, grants."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections

from config.ddl_guard import REFUSED

GRANTS_SQL = Path(settings.BASE_DIR) / "deploy" / "sql" / "grants.sql"
# A migration waits a moment for its locks, never in front of the site's queue for long.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "15min"
TRIGRAM_TRIAL = "石台村"


class UnfitDatabase(CommandError):
    """The database cannot carry this site; the message says what to change."""


def prepare(say: Callable[[str], None]) -> None:
    """Migrate, make the cache table, grant the application's role its rights. Safe to repeat."""
    if "owner" not in connections.settings:
        raise UnfitDatabase("没有设置 DATABASE_OWNER_URL (not set)")
    _refuse_dead_trigrams()
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    _migrate()
    call_command("createcachetable", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute(GRANTS_SQL.read_text())
    connections["owner"].close()
    say("数据库已就绪")


def _migrate() -> None:
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) != REFUSED:
            raise
        raise UnfitDatabase(
            f"改表守卫不让改：{error}\n请用 deploy/migrate.sh 升级，它先取下守卫，升级完再装上。"
            " (The DDL guard refused it: upgrade with deploy/migrate.sh.)"
        ) from error


def _refuse_dead_trigrams() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone():
            raise UnfitDatabase(
                "数据库缺少扩展 pg_trgm：请由管理员在该库中运行 deploy/sql/roles.sql。"
                " (Extension missing: a superuser runs deploy/sql/roles.sql in this database.)"
            )
        cursor.execute("SELECT pg_catalog.cardinality(public.show_trgm(%s))", [TRIGRAM_TRIAL])
        if cursor.fetchone() == (0,):
            raise UnfitDatabase(
                "数据库的区域设置不认汉字，搜索会全部失效："
                "请用 UTF8 编码和 C.UTF-8（或 zh_CN.UTF-8）区域重新建库。"
                " (show_trgm of Chinese is empty: recreate the database"
                " with ENCODING 'UTF8' LOCALE 'C.UTF-8'.)"
            )
