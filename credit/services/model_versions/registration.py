"""Registers a model trained elsewhere, with the features it reads if they are not ours."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.ml.advice import Zone
from credit.ml.card import ModelCard
from credit.ml.columns import CATEGORIES, protected_among
from credit.ml.feature_file import FeatureFile, InvalidFeatureFile, read_feature_file
from credit.ml.model import CreditModel, text_sha256
from credit.ml.population import ColumnSummary, population_summary
from credit.models import Client, FeatureSet, ModelVersion
from credit.selectors.features import ROWS_PER_CHUNK, FeatureRows, feature_matrix
from credit.selectors.model_versions import newest_built_set
from credit.services.feature_sets import refresh_population, store_features
from credit.services.model_versions.cards import read_card
from credit.services.model_versions.contents import protected_in_data, unknown_levels
from credit.services.model_versions.creation import add_model_version
from credit.services.model_versions.texts import checked_model, try_model
from pretadepenser.core.delimited import UnreadableText
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor

_SHOWN_NAMES: Final = 10

_FILE_SENTENCES: Final = {
    "unknown_type": gettext_lazy("its name must end in .csv or .parquet"),
    "unreadable": gettext_lazy("it cannot be read: %(detail)s"),
    "empty": gettext_lazy("it has no rows"),
    "duplicate_column": gettext_lazy("a column name occurs twice: %(detail)s"),
    "missing_id": gettext_lazy("it has no column SK_ID_CURR"),
    "missing_columns": gettext_lazy("columns that the model reads are missing: %(detail)s"),
    "ragged": gettext_lazy("line %(line)d and the header have different numbers of cells (%(detail)s)"),
    "bad_id": gettext_lazy("line %(line)d: SK_ID_CURR “%(detail)s” is not a whole number"),
    "large_id": gettext_lazy("line %(line)d: SK_ID_CURR “%(detail)s” is too long: a number is at most 2^53"),
    "duplicate_id": gettext_lazy("line %(line)d: SK_ID_CURR %(detail)s occurs a second time"),
    "not_a_number": gettext_lazy("line %(line)d: %(column)s “%(detail)s” is not a number"),
    "infinite": gettext_lazy("line %(line)d: %(column)s “%(detail)s” is infinite"),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered version, and what the person who registered it should know."""

    model_version: ModelVersion
    clients: int  # whose features came with the file; 0 where the model reads ours
    unknown_clients: int  # rows of the file without a client here, left out
    ignored_columns: tuple[str, ...]
    protected_columns: tuple[str, ...]  # which the model reads: it can be studied, but never promoted
    unknown_levels: tuple[str, ...]  # a column each: the values that are not among the model's categories


def register(
    *, text: str, card: object, features: Path | None, allows_protected: bool = False, by: Actor
) -> Registration:
    """The new version, a candidate; all or nothing is written.

    ``features`` is a file with SK_ID_CURR and the model's columns; without it every column must be one of ours.
    ``allows_protected`` accepts a model that reads protected attributes, for study. Raises ApplicationError.
    """
    model = checked_model(text)
    protected = protected_among(model.feature_names)
    if protected and not allows_protected:
        raise _reads_protected(protected)
    checked, zone = read_card(card, sha256s=(model.sha256, text_sha256(text)))
    if features is None:
        feature_set = _our_set_for(model)
        chunks = feature_matrix(feature_set) if model.levels else ()
        unknown = unknown_levels(model, chunks, feature_set.columns, {})
        try_model(model)
        version = _add(model, checked, zone, feature_set, by)
        return Registration(version, 0, 0, (), protected, unknown)
    try:
        file = read_feature_file(features, model.feature_names, model.levels)
    except InvalidFeatureFile as error:
        raise _unusable_file(features, error) from error
    rows = _known_rows(features, file)
    disguised = protected_in_data(rows, model.feature_names)
    if set(disguised) - set(protected) and not allows_protected:
        raise _reads_protected(disguised)
    unknown = unknown_levels(model, [rows], list(model.feature_names), file.texts)
    try_model(model)
    with transaction.atomic():
        feature_set = _store(_identity(features, model.feature_names, file), model.feature_names, file, rows, disguised)
        version = _add(model, checked, zone, feature_set, by)
    everything = tuple(dict.fromkeys((*protected, *disguised)))
    missing = len(file.client_ids) - len(rows.client_ids)
    return Registration(version, len(rows.client_ids), missing, file.ignored, everything, unknown)


def _add(model: CreditModel, card: ModelCard, zone: Zone, feature_set: FeatureSet, by: Actor) -> ModelVersion:
    return add_model_version(
        origin=ModelVersion.Origin.REGISTERED,
        text=model.text,
        feature_names=model.feature_names,
        feature_set=feature_set,
        card=card,
        zone=zone,
        by=by,
    )


def _reads_protected(names: tuple[str, ...]) -> ApplicationError:
    sentence = _(
        "The model reads protected attributes, which must not decide, by their name or under another one: %(names)s. "
        "Train it without them. To study it all the same, register it with --allow-protected: it can be scored and "
        "explained, but never promoted."
    )
    return ApplicationError(sentence % {"names": ", ".join(names)}, field="model", code="protected")


def _our_set_for(model: CreditModel) -> FeatureSet:
    """The newest features built here; raises ApplicationError when the model reads others."""
    feature_set = newest_built_set()
    ours = set(feature_set.columns) if feature_set else set()
    others = [name for name in model.feature_names if name not in ours]
    if feature_set is None or others:
        more = _(" and %(count)d more") % {"count": len(others) - _SHOWN_NAMES} if len(others) > _SHOWN_NAMES else ""
        raise ApplicationError(
            _("The model reads columns that are not ours: %(names)s%(more)s. Give them in a file with --features.")
            % {"names": ", ".join(others[:_SHOWN_NAMES]), "more": more},
            field="features",
        )
    for name, levels in model.levels.items():
        if isinstance(levels[0], str) and name not in CATEGORIES:
            words = {"column": name, "levels": ", ".join(map(str, levels[:_SHOWN_NAMES]))}
            sentence = _(
                "The model's categories of %(column)s are texts (%(levels)s) and our values are numbers: give its "
                "columns in a file with --features."
            )
            raise ApplicationError(sentence % words, field="features")
    return feature_set


def _known_rows(path: Path, file: FeatureFile) -> FeatureRows:
    """The rows of the file whose clients are known here, by ascending id."""
    known = np.flatnonzero(np.isin(file.client_ids, np.fromiter(_client_ids(), dtype=np.int64)))
    if not known.size:
        raise ApplicationError(
            _("None of the %(count)d clients of %(file)s is known here: import the clients first.")
            % {"count": len(file.client_ids), "file": path.name},
            field="features",
        )
    known = known[np.argsort(file.client_ids[known])]
    return FeatureRows(file.client_ids[known], file.matrix[known])


def _store(
    sha256: str, names: tuple[str, ...], file: FeatureFile, rows: FeatureRows, protected: tuple[str, ...]
) -> FeatureSet:
    """The rows as a feature set for this file; the same file gives the same set."""
    known = {"levels": file.texts, "protected": protected}
    feature_set, _is_new = FeatureSet.objects.update_or_create(
        sha256=sha256,
        defaults=known,
        create_defaults={**known, "source": FeatureSet.Source.FILE, "columns": list(names), "dtype": "float64"},
    )
    starts = range(0, len(rows.client_ids), ROWS_PER_CHUNK)
    parts = (slice(start, start + ROWS_PER_CHUNK) for start in starts)
    chunks = (FeatureRows(rows.client_ids[part], rows.matrix[part]) for part in parts)
    store_features(feature_set=feature_set, chunks=chunks)
    summary = population_summary(pl.DataFrame(rows.matrix, names))
    for name in file.texts:  # codes of texts have no order
        summary[name] = ColumnSummary(median=None, p10=None, p90=None, mean=None, missing=summary[name]["missing"])
    refresh_population(feature_set=feature_set, summary=summary)
    return feature_set


def _identity(path: Path, names: tuple[str, ...], file: FeatureFile) -> str:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    digest.update("\n".join([FeatureSet.Source.FILE, "float64", *names]).encode())
    if file.texts:
        digest.update(json.dumps(file.texts).encode())
    return digest.hexdigest()


def _client_ids() -> Iterable[int]:
    return Client.objects.order_by().values_list("pk", flat=True).iterator(chunk_size=ROWS_PER_CHUNK)


def _unusable_file(path: Path, error: InvalidFeatureFile) -> ApplicationError:
    where = {"detail": error.detail, "column": error.column, "line": error.line}
    if error.code in UnreadableText.CODES:
        reason = UnreadableText(error.code, error.line).translated(_)
    else:
        reason = _FILE_SENTENCES[error.code] % where
    return ApplicationError(
        _("%(file)s cannot be used: %(reason)s.") % {"file": path.name, "reason": reason}, field="features"
    )
