"""Addresses of the benchmark's endpoints."""

from django.urls import path

from vision.api import datasets, runs, trials

urlpatterns = [
    path("vision/data-sets/", datasets.DatasetListView.as_view(), name="dataset_list"),
    path("vision/data-sets/<slug:slug>/", datasets.DatasetView.as_view(), name="dataset"),
    path("vision/contenders/", datasets.ContenderListView.as_view(), name="contender_list"),
    path("vision/runs/", runs.RunListView.as_view(), name="run_list"),
    path("vision/runs/<int:run_id>/", runs.RunView.as_view(), name="run"),
    path("vision/runs/<int:run_id>/cancel/", runs.RunCancelView.as_view(), name="run_cancel"),
    path("vision/runs/<int:run_id>/comparison/", runs.RunComparisonView.as_view(), name="run_comparison"),
    path("vision/runs/<int:run_id>/trials/", trials.TrialListView.as_view(), name="trial_list"),
    path("vision/original-study/", runs.OriginalStudyView.as_view(), name="original_study"),
    path("vision/results/<int:result_id>/", runs.ResultView.as_view(), name="result"),
    path("vision/results/<int:result_id>/predictions/", runs.PredictionListView.as_view(), name="predictions"),
    path("vision/trials/<uuid:trial_id>/", trials.TrialView.as_view(), name="trial"),
]
