"""Whether this worker has to end. Knows no Django: the application of Celery is loaded before it."""

import threading
from typing import Final

#: Once set, bodies in the worker's own threads, which nothing can interrupt, stop at their next check.
worker_ends: Final = threading.Event()
