"""Tables of the kernel."""

from pretadepenser.core.models.actor import SYSTEM, Actor
from pretadepenser.core.models.agency import Agency
from pretadepenser.core.models.api_token import ApiToken
from pretadepenser.core.models.audit_event import AuditEvent
from pretadepenser.core.models.idempotency_key import IdempotencyKey
from pretadepenser.core.models.job import Job
from pretadepenser.core.models.user import User

__all__ = ["SYSTEM", "Actor", "Agency", "ApiToken", "AuditEvent", "IdempotencyKey", "Job", "User"]
