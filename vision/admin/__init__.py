"""The vision application in the Django admin."""
