"""Django's PostgreSQL backend with a free health check of open connections."""
