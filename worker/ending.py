"""Whether this worker has to end. Imports no Django: Celery loads its application before Django is set up."""

import threading
from typing import Final

#: Once set, bodies in the worker's threads, which cannot be interrupted, stop at their next check.
worker_ends: Final = threading.Event()
