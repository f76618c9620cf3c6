"""The features of a client, from the application and the six side tables.

Application features come from the application row, side features from the side tables, cross features from both: a
simulated application needs only its row and the stored side features (``rebuild_matrix``).
"""

from credit.ml.features.assembly import build_features, feature_names, rebuild_matrix

__all__ = ["build_features", "feature_names", "rebuild_matrix"]
