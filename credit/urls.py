"""Addresses of the credit pages."""

app_name = "credit"
urlpatterns: list[object] = []
