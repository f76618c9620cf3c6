"""Addresses of the credit pages."""

from django.urls import path

from credit.views import clients, models

app_name = "credit"
urlpatterns = [
    path("clients/", clients.client_list, name="client_list"),
    path("clients/<int:client_id>/", clients.client_file, name="client_file"),
    path("clients/<int:client_id>/reasons/", clients.reasons, name="reasons"),
    path("clients/<int:client_id>/explanation/", clients.explanation, name="explanation"),
    path("clients/<int:client_id>/explanation/request/", clients.request_explanation, name="request_explanation"),
    path("model/", models.model_card, name="model_card"),
]
