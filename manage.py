#!/usr/bin/env python
"""Django's command line for this site; `up` and `with_services` start their servers first."""

import os
import sys

from django.core.management import execute_from_command_line

from config.services.bootstrap import prepare_environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    prepare_environment(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
