"""About 700 features of a client, from the application and the six side tables.

Application features come from the application row, side features from the side tables, cross features from both:
a simulated application needs only its row and the side features already stored (``rebuild_matrix``).
"""

from credit.ml.features.assembly import (
    application_features,
    assemble,
    build_features,
    feature_names,
    rebuild,
    rebuild_matrix,
    side_features,
)

__all__ = [
    "application_features",
    "assemble",
    "build_features",
    "feature_names",
    "rebuild",
    "rebuild_matrix",
    "side_features",
]
