"""A new model version: numbered, with its folds and its first threshold policy."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import connection, transaction
from django.db.models import Max

from credit.ml.advice import Zone
from credit.ml.card import ModelCard
from credit.ml.model import text_sha256
from credit.ml.threshold import CostRatio
from credit.models import FeatureSet, FoldModel, ModelVersion, ThresholdPolicy
from pretadepenser.core.audit import record
from pretadepenser.core.models import Actor, Job


def lock_versions() -> None:
    """Makes other transactions that number or promote versions wait for the end of this one; readers do not wait."""
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{ModelVersion._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


@transaction.atomic
def add_model_version(
    *,
    origin: ModelVersion.Origin,
    text: str,
    feature_names: Sequence[str],
    feature_set: FeatureSet,
    card: ModelCard,
    zone: Zone,
    fold_texts: Sequence[str] = (),
    job: Job | None = None,
    by: Actor,
) -> ModelVersion:
    """The version, a candidate with the next number; ``zone`` and the card's costs are its first policy."""
    lock_versions()
    newest = ModelVersion.objects.aggregate(newest=Max("number"))["newest"] or 0
    version = ModelVersion.objects.create(
        number=newest + 1,
        origin=origin,
        text=text,
        sha256=text_sha256(text),
        feature_names=list(feature_names),
        card=asdict(card),
        feature_set=feature_set,
        created_by=by.user,
        job=job,
    )
    FoldModel.objects.bulk_create(
        FoldModel(model_version=version, fold=fold, text=fold_text) for fold, fold_text in enumerate(fold_texts)
    )
    add_policy(version, number=1, zone=zone, costs=card.costs, by=by)
    record(f"model_version.{origin.value}", by=by, target=version, detail={"number": version.number})
    return version


def add_policy(
    version: ModelVersion, *, number: int, zone: Zone, costs: CostRatio, note: str = "", by: Actor
) -> ThresholdPolicy:
    return ThresholdPolicy.objects.create(
        model_version=version,
        number=number,
        threshold=zone.threshold,
        grey_low=zone.grey_low,
        grey_high=zone.grey_high,
        cost_false_negative=costs.false_negative,
        cost_false_positive=costs.false_positive,
        note=note,
        created_by=by.user,
    )
