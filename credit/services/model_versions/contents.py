"""What the features of a model from elsewhere hold: protected attributes in disguise, values that it does not know."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from django.db.models import BinaryField
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from credit.ml.columns import BLANK_LEVELS, CATEGORIES, PROTECTED
from credit.ml.disguise import revealing_columns
from credit.ml.inputs import POSITIONS
from credit.ml.model import CreditModel
from credit.models import Client
from credit.selectors.features import FeatureRows
from pretadepenser.core.errors import ApplicationError

_BYTES: Final = np.dtype("<f8").itemsize
_SHOWN: Final = 5


def protected_in_data(rows: FeatureRows, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a file (N, F) that say the same as a protected attribute of the stored applications."""
    revealing: list[str] = []
    for attribute in PROTECTED:
        codes = _stored_codes(attribute, rows.client_ids)
        groups = [code for code, level in enumerate(CATEGORIES[attribute]) if level not in BLANK_LEVELS]
        is_known = np.isin(codes, groups)
        revealing += revealing_columns(rows.matrix[is_known], names, codes[is_known] == groups[0])
    return tuple(dict.fromkeys(revealing))


def unknown_levels(
    model: CreditModel, chunks: Iterable[FeatureRows], columns: list[str], texts: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """« HOUR: 3, 4 (12 clients) » for each column with values that are not among the model's categories.

    ``texts`` are what the numbers of the matrix stand for. Raises ApplicationError for a column without a known value.
    """
    unknown: dict[str, list[NDArray[np.floating]]] = {name: [] for name in model.levels}
    known = dict.fromkeys(model.levels, 0)
    for rows in chunks:
        matrix = model.select(rows.matrix, columns)
        for name, values in model.unknown_values(rows.matrix, columns).items():
            unknown[name].append(values)
            known[name] += int(np.count_nonzero(~np.isnan(matrix[:, model.feature_names.index(name)]))) - len(values)
    lines = []
    for name, parts in unknown.items():
        values = np.concatenate([*parts, np.empty(0)])
        if not len(values):
            continue
        shown = _listed([_text(value, texts.get(name, ())) for value in np.unique(values).tolist()])
        if not known[name]:
            sentence = _("No value of %(column)s is among the model's categories: %(values)s instead of %(levels)s.")
            words = {"column": name, "values": shown, "levels": _listed([_text(level) for level in model.levels[name]])}
            raise ApplicationError(sentence % words, field="features")
        sentence = ngettext(
            "%(column)s: %(values)s (%(count)d client)", "%(column)s: %(values)s (%(count)d clients)", len(values)
        )
        lines.append(sentence % {"column": name, "values": shown, "count": len(values)})
    return tuple(lines)


def _stored_codes(attribute: str, client_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """The values (N,) of a column of the applications; NaN for a client without an application."""
    place = Substr("application", _BYTES * POSITIONS[attribute] + 1, _BYTES, output_field=BinaryField())
    stored = dict(Client.objects.order_by().values_list("pk", place).iterator(chunk_size=20_000))
    blank = np.array(np.nan, "<f8").tobytes()
    return np.frombuffer(b"".join(bytes(stored[client] or blank) for client in client_ids.tolist()), "<f8")


def _text(value: float | str, texts: tuple[str, ...] = ()) -> str:
    if isinstance(value, str):
        return value
    return texts[int(value)] if texts else f"{value:g}"


def _listed(values: list[str]) -> str:
    return ", ".join(value[:40] for value in values[:_SHOWN]) + (", …" if len(values) > _SHOWN else "")
