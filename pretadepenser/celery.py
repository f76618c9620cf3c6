"""The Celery application. Tasks are sent by name; only the worker package defines their bodies."""

import os

from celery import Celery
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "pretadepenser.broker:Transport"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretadepenser.settings")

app = Celery("pretadepenser")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("cpu", "images", "gpu", "maintenance")]
