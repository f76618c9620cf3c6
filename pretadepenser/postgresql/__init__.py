"""Django's backend for PostgreSQL with a check of open connections that costs nothing (``DATABASES`` names it)."""
