"""Stored responses of POSTs: the same key gets the same response, without a second effect."""

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """``response`` is empty while the first request is still being served."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)  # of method, path and body, which a key is bound to
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_key_per_user", fields=["user", "key"])]

    def __str__(self) -> str:
        return self.key
