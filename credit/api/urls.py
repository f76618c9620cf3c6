"""Addresses of the credit endpoints."""

from django.urls import path

from credit.api import clients, comparison, decisions, models, monitoring, persons, simulations, steering

urlpatterns = [
    path("clients/", clients.ClientListView.as_view(), name="client_list"),
    path("clients/<int:client_id>/", clients.ClientView.as_view(), name="client"),
    path("clients/<int:client_id>/score/", clients.ScoreView.as_view(), name="score"),
    path("clients/<int:client_id>/explanation/", clients.ExplanationView.as_view(), name="explanation"),
    path("clients/<int:client_id>/ficp/", decisions.FicpView.as_view(), name="ficp"),
    path("clients/<int:client_id>/decisions/", decisions.DecisionListView.as_view(), name="decision_list"),
    path("decisions/<int:decision_id>/countersign/", decisions.CountersignView.as_view(), name="countersign"),
    path("decisions/<int:decision_id>/reviews/", decisions.DecisionReviewsView.as_view(), name="decision_reviews"),
    path("reviews/", decisions.OpenReviewsView.as_view(), name="open_reviews"),
    path("reviews/<int:review_id>/close/", decisions.CloseReviewView.as_view(), name="close_review"),
    path("clients/<int:client_id>/events/", persons.ClientEventsView.as_view(), name="client_events"),
    path("clients/<int:client_id>/person/", persons.PersonView.as_view(), name="person"),
    path("clients/<int:client_id>/comparison/", comparison.ComparisonView.as_view(), name="comparison"),
    path("population/", comparison.PopulationView.as_view(), name="population"),
    path("models/", steering.ModelListView.as_view(), name="model_list"),
    path("clients/<int:client_id>/simulations/", simulations.SimulationView.as_view(), name="simulation"),
    path("clients/<int:client_id>/scenarios/", simulations.ScenarioListView.as_view(), name="scenario_list"),
    path("clients/<int:client_id>/recourse/", simulations.RecourseView.as_view(), name="recourse"),
    path("score/", simulations.AdHocScoreView.as_view(), name="adhoc_score"),
    path("models/current/", models.CurrentModelView.as_view(), name="current_model"),
    path("models/<int:number>/", steering.ModelView.as_view(), name="model"),
    path("models/<int:number>/metrics/", steering.ModelMetricsView.as_view(), name="model_metrics"),
    path("models/<int:number>/policies/", steering.PolicyListView.as_view(), name="policy_list"),
    path(
        "models/<int:number>/threshold-simulations/",
        steering.ThresholdSimulationView.as_view(),
        name="threshold_simulation",
    ),
    path("models/<int:number>/suspend/", steering.SuspendView.as_view(), name="suspend_model"),
    path("models/<int:number>/resume/", steering.ResumeView.as_view(), name="resume_model"),
    path("monitoring/reports/", monitoring.ReportListView.as_view(), name="report_list"),
    path("monitoring/reports/<int:report_id>/", monitoring.ReportView.as_view(), name="report"),
    path("features/", models.FeatureListView.as_view(), name="feature_list"),
]
