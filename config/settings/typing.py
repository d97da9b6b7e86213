"""Settings for tools that need the models and no server: mypy, `makemigrations --check`."""

import os

for name, value in {
    "SECRET_KEY": "not a secret: only for reading the code",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}.items():
    os.environ.setdefault(name, value)

from config.settings.base import *  # noqa: E402, F403

# No server is asked whether the migrations of the database agree.
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
