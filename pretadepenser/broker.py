"""kombu's Redis transport, which survives a message that is none: the worker discards it and goes on.

A job loses nothing by it: its row is the truth, and the sweeper announces it again.
"""

import logging
from queue import Empty

from kombu.transport import redis

logger = logging.getLogger(__name__)


class Channel(redis.Channel):
    def _brpop_read(self, **options: object) -> bool:
        """Reads and delivers one message. Raises Empty without one; a fault of the message itself is logged."""
        unsettled = self._unsettled
        try:
            return bool(super()._brpop_read(**options))  # type: ignore[misc]  # the stubs are incomplete
        except (Empty, *self.connection_errors, *self.connection.channel_errors):  # type: ignore[attr-defined]
            raise
        except Exception as error:
            logger.warning("A message cannot be read and is discarded: %s: %.300s", type(error).__name__, error)
            for tag in self._unsettled - unsettled:
                self.qos.reject(tag, requeue=False)
            raise Empty from None

    @property
    def _unsettled(self) -> set[str]:
        """The tags of messages that are neither acknowledged nor rejected; they keep the worker from reading on."""
        return set(self.qos._delivered) - self.qos._dirty  # type: ignore[arg-type, operator]


class Transport(redis.Transport):
    Channel = Channel
