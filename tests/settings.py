"""The site's settings for a test run; its servers are started before they are read."""

from tests.servers import use_test_services

use_test_services()

from pretadepenser.settings import *  # noqa: E402, F403 - the addresses have to be in the environment first
from pretadepenser.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # saves a tenth of a second at each sign-in
# Hashed names need a collectstatic; tests serve the files as they are.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
