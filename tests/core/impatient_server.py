"""The site's RSGI application with one thread and short limits, for ``test_server``."""

from pretadepenser import server

server.THREADS = 1
server.MOST_WAITING = 1
server.BODY_SECONDS = 1.0
application = server.Application()
