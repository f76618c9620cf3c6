"""Addresses of the REST endpoints, version 1."""

urlpatterns: list[object] = []
