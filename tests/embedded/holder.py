"""A process that holds the embedded servers of a state folder: says "ready", and leaves when asked anything."""

import sys
from pathlib import Path

from pretadepenser.embedded import services

with services(Path(sys.argv[1]), is_durable=False):
    print("ready", flush=True)
    sys.stdin.readline()
