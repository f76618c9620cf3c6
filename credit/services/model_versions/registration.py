"""Registers a model trained elsewhere, with the features it reads if they are not ours."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from credit.ml.advice import Zone
from credit.ml.card import ModelCard
from credit.ml.columns import protected_among
from credit.ml.feature_file import FeatureFile, InvalidFeatureFile, read_feature_file
from credit.ml.model import CreditModel, InvalidModel, load_model
from credit.ml.population import population_summary
from credit.models import Client, FeatureSet, ModelVersion
from credit.selectors.features import ROWS_PER_CHUNK, FeatureRows
from credit.selectors.model_versions import newest_built_set
from credit.services.feature_sets import refresh_population, store_features
from credit.services.model_versions.cards import read_card
from credit.services.model_versions.creation import add_model_version
from pretadepenser.core.delimited import UnreadableText
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor

logger = logging.getLogger(__name__)

_SHOWN_NAMES: Final = 10

_MODEL_SENTENCES: Final = {
    "not_lightgbm_text": gettext_lazy("it is not a LightGBM text model, as Booster.save_model writes it"),
    "truncated": gettext_lazy("the file is not complete"),
    "not_binary": gettext_lazy("it does not give one probability (objective binary or cross_entropy)"),
    "scaled_sigmoid": gettext_lazy("its sigmoid is scaled, so its SHAP values are not log-odds"),
    "averaged_trees": gettext_lazy("it is a random forest, whose SHAP values do not add up to its output"),
    "duplicate_features": gettext_lazy("two of its columns have the same name"),
    "malformed_tree": gettext_lazy("one of its trees is damaged"),
    "refused": gettext_lazy("LightGBM refuses it"),
}
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


def register(
    *, text: str, card: object, features: Path | None, allows_protected: bool = False, by: Actor
) -> Registration:
    """The new version, a candidate; all or nothing is written.

    ``features`` is a file with SK_ID_CURR and the model's columns; without it every column must be one of ours.
    ``allows_protected`` accepts a model that reads protected attributes, for study. Raises ApplicationError.
    """
    model = _checked_model(text)
    protected = protected_among(model.feature_names)
    if protected and not allows_protected:
        raise _reads_protected(protected)
    checked, zone = read_card(card, sha256=model.sha256)
    if features is None:
        version = _add(model, checked, zone, _our_set_for(model), by)
        return Registration(version, 0, 0, (), protected)
    try:
        file = read_feature_file(features, model.feature_names)
    except InvalidFeatureFile as error:
        raise _unusable_file(features, error) from error
    known = np.isin(file.client_ids, np.fromiter(_client_ids(), dtype=np.int64))
    if not known.any():
        raise ApplicationError(
            _("None of the %(count)d clients of %(file)s is known here: import the clients first.")
            % {"count": len(known), "file": features.name},
            field="features",
        )
    with transaction.atomic():
        feature_set = _store(features, file, known, model.feature_names)
        version = _add(model, checked, zone, feature_set, by)
    return Registration(version, int(known.sum()), int((~known).sum()), file.ignored, protected)


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


def _checked_model(text: str) -> CreditModel:
    try:
        model = load_model(text)
        model.booster.num_trees()  # loads it: LightGBM has the last word
    except InvalidModel as error:
        logger.warning("A model was refused: %s", error)
        raise ApplicationError(
            _("The model cannot be used: %(reason)s.") % {"reason": _MODEL_SENTENCES[error.code]}, field="model"
        ) from error
    return model


def _reads_protected(names: tuple[str, ...]) -> ApplicationError:
    sentence = _(
        "The model reads protected attributes, which must not decide: %(names)s. Train it without them. To study it "
        "all the same, register it with --allow-protected: it can be scored and explained, but never promoted."
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
    return feature_set


def _store(path: Path, file: FeatureFile, known: NDArray[np.bool_], names: tuple[str, ...]) -> FeatureSet:
    """The rows of known clients as a feature set for this file; the same file gives the same set."""
    rows = np.flatnonzero(known)
    rows = rows[np.argsort(file.client_ids[rows])]
    feature_set, _is_new = FeatureSet.objects.get_or_create(
        sha256=_identity(path, names),
        defaults={"source": FeatureSet.Source.FILE, "columns": list(names), "dtype": "float64"},
    )
    chunks = (rows[start : start + ROWS_PER_CHUNK] for start in range(0, len(rows), ROWS_PER_CHUNK))
    store_features(
        feature_set=feature_set,
        chunks=(FeatureRows(file.client_ids[chunk], file.matrix[chunk]) for chunk in chunks),
    )
    refresh_population(feature_set=feature_set, summary=population_summary(pl.DataFrame(file.matrix[rows], names)))
    return feature_set


def _identity(path: Path, names: tuple[str, ...]) -> str:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    digest.update("\n".join([FeatureSet.Source.FILE, "float64", *names]).encode())
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
