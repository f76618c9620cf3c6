"""The connection to PostgreSQL, in the module that Django loads."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks the health of a connection by its socket, without a query.

    ``CONN_HEALTH_CHECKS`` sends a ``SELECT 1`` before the first query of each request. A server that ended, or that
    ended the connection, has closed its side, which the kernel knows: reading would not have to wait.
    """

    def is_usable(self) -> bool:
        if self.errors_occurred or self.connection.closed or _has_something_to_read(self.connection.fileno()):
            return super().is_usable()
        return True


def _has_something_to_read(descriptor: int) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
