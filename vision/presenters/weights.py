"""The weights that contenders start from, in words."""

from django.utils.translation import gettext

from vision.ml.types import WeightsSource


def weights_words(source: WeightsSource | str) -> str:
    """What has to be said wherever a result on such weights is shown; empty where there is nothing to warn of."""
    warnings = {
        WeightsSource.NONE: gettext("from scratch"),
        WeightsSource.DEMO: gettext("demo weights"),
    }
    return warnings.get(WeightsSource(source), "")
