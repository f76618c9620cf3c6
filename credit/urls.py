"""Addresses of the credit pages."""

from django.urls import path

from credit.views import clients, comparison, models, simulation

app_name = "credit"
urlpatterns = [
    path("clients/", clients.client_list, name="client_list"),
    path("clients/<int:client_id>/", clients.client_file, name="client_file"),
    path("clients/<int:client_id>/reasons/", clients.reasons, name="reasons"),
    path("clients/<int:client_id>/explanation/", clients.explanation, name="explanation"),
    path("clients/<int:client_id>/explanation/request/", clients.request_explanation, name="request_explanation"),
    path("clients/<int:client_id>/simulate/", simulation.simulate, name="simulate"),
    path("clients/<int:client_id>/scenarios/", simulation.save_scenario, name="save_scenario"),
    path(
        "clients/<int:client_id>/scenarios/<int:scenario_id>/delete/",
        simulation.delete_scenario,
        name="delete_scenario",
    ),
    path("clients/<int:client_id>/recourse/", simulation.recourse, name="recourse"),
    path("clients/<int:client_id>/compare/", comparison.compare, name="compare"),
    path("population/build/", comparison.build_population_store, name="build_population_store"),
    path("model/", models.model_card, name="model_card"),
]
