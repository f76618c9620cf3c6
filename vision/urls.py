"""Addresses of the benchmark's pages."""

from django.urls import path

from vision.views import datasets, images

app_name = "vision"
urlpatterns = [
    path("data/", datasets.dataset_list, name="dataset_list"),
    path("data/<slug:slug>/", datasets.dataset, name="dataset"),
    path("images/<slug:slug>/<str:sha256>.jpg", images.image, name="image"),
]
