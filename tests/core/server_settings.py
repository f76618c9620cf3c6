"""Settings of a web server that a test starts: the site's own, with static files as they are in the sources."""

from pretadepenser.settings import *  # noqa: F403
from pretadepenser.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
