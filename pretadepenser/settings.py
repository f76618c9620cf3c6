"""All settings, each from the environment; ``.env.example`` explains them in the same order."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.logs import logging_settings
from pretadepenser.embedded import addresses, local_secret, redis_at
from pretadepenser.environment import BASE_DIR, Environment, read_environment
from pretadepenser.openapi import OPENAPI

read_environment()
env = Environment()

# --- Storage
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))
EMBEDDED = addresses(STATE_DIR)

# --- Security
DEBUG = env.bool("DEBUG", default=False)
# Without SECRET_KEY a random one is created once in STATE_DIR, readable only by its owner.
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret(STATE_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
USE_HTTPS = env.bool("USE_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USE_HTTPS
SECURE_SSL_REDIRECT = USE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if USE_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=10) * 3600
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "core:sign_in"
CSRF_FAILURE_VIEW = "pretadepenser.core.kept_forms.csrf_failure"
LOGIN_REDIRECT_URL = "core:home"
LOGOUT_REDIRECT_URL = "core:sign_in"
SIGN_IN_ATTEMPTS = env.int("SIGN_IN_ATTEMPTS", default=10)  # failures of one name from one address before a pause
SIGN_IN_PAUSE_SECONDS = env.int("SIGN_IN_PAUSE_SECONDS", default=300)

# --- Applications
INSTALLED_APPS = [
    "pretadepenser.core",
    "credit",
    "vision",
    "demo",
    "up",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "pretadepenser.core.middleware.Traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pretadepenser.core.middleware.ContentPolicy",
    "pretadepenser.core.middleware.Conditional",
    "pretadepenser.core.middleware.ErrorPages",
    "pretadepenser.core.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "pretadepenser.core.middleware.Common",
    "django.middleware.csrf.CsrfViewMiddleware",
    "pretadepenser.core.middleware.Authentication",
    "pretadepenser.core.middleware.LoginRequired",
    "pretadepenser.core.middleware.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pretadepenser.core.middleware.PlainInput",
    "pretadepenser.core.middleware.AdminInput",
]
ROOT_URLCONF = "pretadepenser.urls"
WSGI_APPLICATION = "pretadepenser.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pretadepenser.core.context_processors.site",
            ],
            "builtins": [
                *("django.templatetags.i18n", "django.templatetags.static"),
                *(f"pretadepenser.core.templatetags.{name}" for name in ("formats", "components", "tables")),
            ],
        },
    }
]

# --- PostgreSQL and Redis: embedded unless an address is given
DATABASES = {
    "default": {
        **env.db_url_config(env.str("DATABASE_URL", default="") or EMBEDDED.database_url),
        "ENGINE": "pretadepenser.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
REDIS = EMBEDDED.redis if not env.str("REDIS_URL", default="") else redis_at(env.str("REDIS_URL"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS.cache_url,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

# --- Celery: the queue is a doorbell, the Job row is the truth (docs/architecture.md)
CELERY_BROKER_URL = REDIS.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **REDIS.broker_options,
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,  # a request that announces a job waits as long for a frozen Redis
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = False  # the lease in the database replaces it
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0  # a leased job is handed over at once
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- Jobs
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=30)
JOB_WORK_DIR = STATE_DIR / "jobs"  # checkpoints of long jobs
JOB_GPUS = env.list("JOB_GPUS", cast=int, default=None)  # device numbers; None: all devices of the machine
IMPORT_ROOTS = [Path(folder) for folder in env.list("IMPORT_ROOTS", default=[str(STATE_DIR)])]

# --- REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pretadepenser.core.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["pretadepenser.core.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["pretadepenser.core.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "pretadepenser.core.api.renderers.Negotiation",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_PARSER_CLASSES": ["pretadepenser.core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "pretadepenser.core.api.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "pretadepenser.core.api.errors.handle_exception",
    "DEFAULT_THROTTLE_CLASSES": [
        "pretadepenser.core.api.throttling.UserThrottle",
        "pretadepenser.core.api.throttling.AnonThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="6000/min"), "anon": "30/min"},
    "NUM_PROXIES": 0,  # the server has resolved the address already
}
SPECTACULAR_SETTINGS = OPENAPI

# --- Languages, time, formats
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")

# --- Static files: ours, and Chart.js and htmx from npm (``make assets`` copies them to static/vendor)
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = STATE_DIR / "media"

# --- The product
PRODUCT_VERSION = "0.1.0"
MINIMUM_COHORT = 20  # smaller groups are not aggregated
# The share of the main inputs (credit.ml.inputs.MAIN_INPUTS) below which a new file gets no score.
COMPLETENESS_FLOOR = env.float("COMPLETENESS_FLOOR", default=0.6)
EFFORT_RATE_LIMIT = env.float("EFFORT_RATE_LIMIT", default=0.35)  # instalment over income beyond which a page warns
FICP_MAX_AGE_DAYS = env.int("FICP_MAX_AGE_DAYS", default=30)  # how long a consultation is valid for a decision
REVIEW_DUE_DAYS = env.int("REVIEW_DUE_DAYS", default=30)  # from a borrower's request to the reply
VISION_DIR = STATE_DIR / "vision"  # decoded images, features of frozen networks, trained heads
VISION_WEIGHTS_DIR = env.str("VISION_WEIGHTS_DIR", default="")  # for machines without internet
VISION_UPLOAD_MEGABYTES = env.int("VISION_UPLOAD_MEGABYTES", default=200)  # of a data set sent as a zip
VISION_IMAGE_MEGABYTES = env.int("VISION_IMAGE_MEGABYTES", default=10)  # of one image to try

# Retention periods in days; 0 for no limit. `manage.py apply_retention` enforces them (docs/operations.md).
RETENTION_REFUSED_DAYS = env.int("RETENTION_REFUSED_DAYS", default=183)
RETENTION_DECIDED_DAYS = env.int("RETENTION_DECIDED_DAYS", default=3650)
RETENTION_UNDECIDED_DAYS = env.int("RETENTION_UNDECIDED_DAYS", default=0)
RETENTION_SCENARIOS_DAYS = env.int("RETENTION_SCENARIOS_DAYS", default=365)
RETENTION_JOBS_DAYS = env.int("RETENTION_JOBS_DAYS", default=90)
RETENTION_JOURNAL_DAYS = env.int("RETENTION_JOURNAL_DAYS", default=3650)

# --- Seeing what happens
METRICS_KEY = env.str("METRICS_KEY", default="")
LOGGING = logging_settings(env.str("LOG_FORMAT", default="line"), env.str("LOG_LEVEL", default="INFO"))
