"""Django as a WSGI application; ``pretadepenser.server`` serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretadepenser.settings")
# For libpq: a page gives up on a locked table, or it would block every thread. Jobs have no such limits.
os.environ.setdefault(
    "PGOPTIONS", "-c lock_timeout=5s -c statement_timeout=20s -c idle_in_transaction_session_timeout=30s"
)
application = get_wsgi_application()
