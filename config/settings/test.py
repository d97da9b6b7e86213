"""What differs in tests. They run by `make test`, which names the servers."""

import os
import re
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import CELERY_BROKER_URL, LOGGING, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Most tests are about what lies behind the door; those of the door itself turn these on.
SECOND_FACTOR_REQUIRED = False
PASSWORD_PROFILE = "long"  # noqa: S105
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
KEYS_DIR = Path(os.environ.get("TEST_KEYS_DIR") or tempfile.mkdtemp(prefix="vp-keys-"))
ATTACHMENTS_DIR = Path(tempfile.mkdtemp(prefix="vp-photos-"))
# Each process of a parallel run has a broker database of its own.
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
CELERY_BROKER_URL = (
    f"{CELERY_BROKER_URL.split('?')[0]}?virtual_host={_number}"
    if "+socket:" in CELERY_BROKER_URL
    else re.sub(r"(://[^/?]+)[^?]*", rf"\1/{_number}", CELERY_BROKER_URL)
)
# pytest keeps the records itself and shows them beside a failure.
LOGGING = {**LOGGING, "handlers": {"out": {"class": "logging.NullHandler"}}}
