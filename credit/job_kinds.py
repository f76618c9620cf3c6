"""The kinds of work that the credit application asks of workers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.jobs import JobKind

IMPORT_HOME_CREDIT: Final = JobKind(name="credit.import_home_credit", label=_("Import of clients"))
TRAIN_MODEL: Final = JobKind(name="credit.train_model", label=_("Model training"))
SCORE_PORTFOLIO: Final = JobKind(name="credit.score_portfolio", label=_("Scores of all clients"))
EXPLAIN_PORTFOLIO: Final = JobKind(name="credit.explain_portfolio", label=_("Explanations of all clients"))
EXPLAIN_CLIENT: Final = JobKind(name="credit.explain_client", label=_("Explanation of one client"))
APPLY_RETENTION: Final = JobKind(name="credit.apply_retention", label=_("Erasure of expired data"), queue="maintenance")
BUILD_POPULATION_STORE: Final = JobKind(name="credit.build_population_store", label=_("Preparation of comparisons"))
CHECK_DRIFT: Final = JobKind(name="credit.check_drift", label=_("Drift check"))
CHECK_GROUPS: Final = JobKind(name="credit.check_groups", label=_("Group check"))
