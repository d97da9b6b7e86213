"""What a production machine must not do; run by `manage.py check --deploy` before each start."""

import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.db import connections

from config.ddl_guard import Guard, guard_state

LEAST_AUDIT_DAYS = 183
CHANGED_ROLE = re.compile(r"-c\s*role\s*=|--role=")
ROLE_FACTS = """
SELECT current_user, rolsuper OR rolbypassrls,
       pg_has_role(current_user, (SELECT relowner FROM pg_class
           WHERE oid = to_regclass('public.django_migrations')), 'MEMBER')
FROM pg_roles WHERE rolname = current_user
"""


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No debugging, no moved clock, no place that ends a process."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", id="config.E001"))
    if settings.CLOCK_SHIFT:
        found.append(
            Error(
                "CLOCK_SHIFT_DAYS moves the business day.",
                hint="It is for rehearsals; unset it.",
                id="config.E002",
            )
        )
    if settings.DEMO:
        found.append(
            Error(
                "DEMO opens accounts with a password that everybody may know.",
                hint="It is for trials; unset it, and begin with an empty database.",
                id="config.E013",
            )
        )
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(
            Error(
                "SECOND_FACTOR_REQUIRED is off: a password alone opens a township.",
                hint="It is for the demo; unset it, and DEMO too.",
                id="config.E014",
            )
        )
    if settings.FAILPOINTS:
        found.append(
            Error(
                "FAILPOINTS ends processes on purpose.",
                hint="It is for fault tests; unset it.",
                id="config.E008",
            )
        )
    if settings.AUDIT_KEEP_DAYS < LEAST_AUDIT_DAYS:
        found.append(
            Error(
                f"AUDIT_KEEP_DAYS is {settings.AUDIT_KEEP_DAYS}, less than {LEAST_AUDIT_DAYS}.",
                hint="The law asks for six months; leave it unset for three years.",
                id="config.E012",
            )
        )
    return found


def check_roles(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The site and the owner log in as two roles, and neither merely changes into one."""
    found: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if CHANGED_ROLE.search(str(database.get("OPTIONS", {}).get("options", ""))):
            found.append(
                Error(
                    f"The {alias} database address changes role with `-c role=`.",
                    hint="SET ROLE NONE walks out of it: log in as the role itself.",
                    id="config.E003",
                )
            )
    owner = settings.DATABASES.get("owner")
    if owner and owner["USER"] == settings.DATABASES["default"]["USER"]:
        found.append(
            Error(
                "DATABASE_URL and DATABASE_OWNER_URL log in as the same role.",
                hint="Run deploy/sql/roles.sql and let the site log in as villages_app.",
                id="config.E004",
            )
        )
    return found


def check_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The keys of personal data are readable by the site's own account only."""
    folder = Path(settings.KEYS_DIR)
    if not folder.is_dir():
        return [Error(f"No folder of keys at {folder}.", hint="make_keys", id="config.E005")]
    return [
        Error(f"{path} can be read by other accounts.", hint="chmod go-rwx", id="config.E006")
        for path in (folder, *sorted(folder.iterdir()))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def check_application_role(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `--database default`: the role in force owns nothing and passes no wall."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE_FACTS)
        name, mighty, owner = cursor.fetchone()
    if not mighty and not owner:
        return []
    return [
        Error(
            f"The site logs in as {name}, which may change what must stay.",
            hint="Run deploy/sql/roles.sql and let the site log in as villages_app.",
            id="config.E007",
        )
    ]


def check_ddl_guard(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `--database default`: the optional guard of the tables is there whole, or not at all."""
    if "default" not in (databases or ()):
        return []
    found: dict[Guard, CheckMessage] = {
        Guard.ABSENT: Info(
            "The DDL guard is not installed.",
            hint="A superuser may run deploy/sql/ddl_guard.sql.",
            id="config.I009",
        ),
        Guard.BROKEN: Error(
            "The DDL guard is not as deploy/sql/ddl_guard.sql has it: somebody changed it.",
            hint="Find out who; then let a superuser run the file again.",
            id="config.E010",
        ),
        Guard.ASLEEP: Error(
            "The DDL guard is installed, but event_triggers is off.",
            hint="Find out who turned it off, in the configuration, the database or a role.",
            id="config.E011",
        ),
    }
    state = guard_state("default")
    return [] if state is Guard.ON else [found[state]]
