"""Addresses of the benchmark's pages."""

from django.urls import path

from vision.views import datasets, exports, galleries, images, runs, trials

app_name = "vision"
urlpatterns = [
    path("", runs.run_list, name="run_list"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/progress/", runs.run_progress, name="run_progress"),
    path("runs/<int:run_id>/contenders/<str:contender>/", runs.contender, name="contender"),
    path("runs/<int:run_id>/images/", galleries.gallery, name="gallery"),
    path("runs/<int:run_id>/face-to-face/", galleries.face_to_face, name="face_to_face"),
    path("runs/<int:run_id>/export.json", exports.run_json, name="run_json"),
    path("runs/<int:run_id>/export.csv", exports.run_csv, name="run_csv"),
    path("runs/<int:run_id>/try/", trials.try_image, name="try_image"),
    path("trials/<uuid:trial_id>/", trials.trial, name="trial"),
    path("trials/<uuid:trial_id>/answers/", trials.trial_answers, name="trial_answers"),
    path("trials/<uuid:trial_id>/image.jpg", images.trial_image, name="trial_image"),
    path("data/", datasets.dataset_list, name="dataset_list"),
    path("data/<slug:slug>/", datasets.dataset, name="dataset"),
    path("images/<slug:slug>/<str:sha256>.jpg", images.image, name="image"),
]
