"""WSGI entry point: ``granian --interface wsgi pretadepenser.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretadepenser.settings")
application = get_wsgi_application()
