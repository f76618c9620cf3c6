"""A model's text from outside: checked, tried, and refused with a sentence."""

import logging
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.ml.model import CreditModel, InvalidModel, load_model
from credit.ml.model.trial import check_by_trial
from pretadepenser.core.errors import ApplicationError

logger = logging.getLogger(__name__)

_SENTENCES: Final = {
    "empty": gettext_lazy("the file is empty"),
    "too_large": gettext_lazy("it has more than 200 million characters"),
    "not_lightgbm_text": gettext_lazy("it is not a LightGBM text model, as Booster.save_model writes it"),
    "control_character": gettext_lazy("it contains the control character %(detail)s"),
    "truncated": gettext_lazy("the file is not complete (%(detail)s)"),
    "malformed_header": gettext_lazy("it is not as LightGBM 3 or 4 writes it (%(detail)s)"),
    "not_binary": gettext_lazy("it does not give one probability (objective binary or cross_entropy): %(detail)s"),
    "scaled_sigmoid": gettext_lazy("its sigmoid is scaled (%(detail)s), so its SHAP values are not log-odds"),
    "averaged_trees": gettext_lazy("it is a random forest, whose SHAP values do not add up to its output"),
    "linear_trees": gettext_lazy("its trees have linear leaves (linear_tree), which have no SHAP values"),
    "duplicate_features": gettext_lazy("two of its columns have the same name (%(detail)s)"),
    "malformed_tree": gettext_lazy("one of its trees is damaged (%(detail)s)"),
    "no_counts": gettext_lazy("the counts of clients by which SHAP values are weighed do not add up (%(detail)s)"),
    "too_deep": gettext_lazy("one of its trees has more than 500 levels (%(detail)s)"),
    "malformed_categories": gettext_lazy("its categories cannot be read (%(detail)s)"),
    "odd_categories": gettext_lazy("the categories of a column are not all texts or all numbers (%(detail)s)"),
    "unclear_categories": gettext_lazy("it does not say which columns its categories belong to (%(detail)s)"),
    "other_numbers": gettext_lazy("LightGBM's numbers are not those of its trees (%(detail)s)"),
    "too_slow": gettext_lazy("64 predictions with explanations took too long (%(detail)s)"),
    "crashes": gettext_lazy("LightGBM crashes on it (%(detail)s)"),
    "refused": gettext_lazy("LightGBM refuses it (%(detail)s)"),
}


def checked_model(text: str) -> CreditModel:
    """The model of a text that is sound as far as reading shows; raises ApplicationError."""
    try:
        return load_model(text)
    except InvalidModel as error:
        raise unusable_model(error) from error


def try_model(model: CreditModel) -> None:
    """Raises ApplicationError unless LightGBM reads, in a process of its own, what we read."""
    try:
        check_by_trial(model.text)
    except InvalidModel as error:
        raise unusable_model(error) from error


def unusable_model(error: InvalidModel) -> ApplicationError:
    logger.warning("A model was refused: %s", error)
    reason = _SENTENCES[error.code] % {"detail": error.detail}
    return ApplicationError(_("The model cannot be used: %(reason)s.") % {"reason": reason}, field="model")
