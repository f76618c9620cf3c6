"""Addresses of the credit endpoints."""

from django.urls import path

from credit.api import clients, comparison, models

urlpatterns = [
    path("clients/", clients.ClientListView.as_view(), name="client_list"),
    path("clients/<int:client_id>/", clients.ClientView.as_view(), name="client"),
    path("clients/<int:client_id>/score/", clients.ScoreView.as_view(), name="score"),
    path("clients/<int:client_id>/explanation/", clients.ExplanationView.as_view(), name="explanation"),
    path("clients/<int:client_id>/comparison/", comparison.ComparisonView.as_view(), name="comparison"),
    path("population/", comparison.PopulationView.as_view(), name="population"),
    path("models/current/", models.CurrentModelView.as_view(), name="current_model"),
    path("features/", models.FeatureListView.as_view(), name="feature_list"),
]
