"""Removes the state folder with its databases: ``python -m pretadepenser.embedded.removal`` (``make reset``)."""

import shutil
import sys
from pathlib import Path

from pretadepenser.embedded.commands import state_dir
from pretadepenser.embedded.places import Places, places
from pretadepenser.embedded.services import stop_abandoned
from pretadepenser.environment import BASE_DIR, read_environment


def main() -> None:
    read_environment()
    state = state_dir()
    if not state.exists():
        return
    if BASE_DIR.is_relative_to(state.resolve()) or Path.home().is_relative_to(state.resolve()):
        sys.exit(f"STATE_DIR is {state}, which holds more than the site's state: remove its files by hand.")
    if not stop_abandoned(state):
        sys.exit(f"The databases in {state} are in use: stop the site first (Ctrl-C where `make run` runs).")
    remove(places(state))


def remove(where: Places) -> None:
    """Removes the folders of stopped servers, including those outside the state folder."""
    for folder in (where.sockets, where.home, where.state):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
