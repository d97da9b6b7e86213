"""The WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.waiting import limit_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

application = get_wsgi_application()
limit_waiting()
