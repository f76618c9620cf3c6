#!/usr/bin/env python
"""Django's command line, with embedded PostgreSQL and Valkey started for the command when no address is configured."""

import os
import sys

from pretadepenser.embedded import services_for_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretadepenser.settings")
    from django.core.management import execute_from_command_line

    with services_for_command(sys.argv[1:]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
