"""Columns of raw applications, read from the client files."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from credit.ml.application import COLUMNS
from credit.models import Client
from credit.selectors.monitoring import raw_applications


class RawColumns(NamedTuple):
    """Some clients by ascending number, (N,), and columns of their applications, (N,) each."""

    client_ids: NDArray[np.int64]
    columns: dict[str, NDArray[np.float32]]


def read_columns(clients: QuerySet[Client], names: Sequence[str], on_rows: Callable[[int], None]) -> RawColumns:
    """The columns ``names`` of the clients; ``on_rows(done)`` is called after each part and may raise to stop."""
    places = [COLUMNS.index(name) for name in names]
    ids, parts = [np.empty(0, np.int64)], [np.empty((0, len(places)), np.float32)]
    done = 0
    for client_ids, matrix in raw_applications(clients):
        ids.append(client_ids)
        parts.append(matrix[:, places].astype(np.float32))
        done += len(client_ids)
        on_rows(done)
    whole = np.concatenate(parts)
    return RawColumns(np.concatenate(ids), {name: whole[:, place] for place, name in enumerate(names)})
