"""Requests the import of a portfolio."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.ml.names import LONGEST_NAME
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job


def request_import(*, folders: Sequence[Path], agency: str = "", by: Actor) -> Job:
    """The queued import of ``folders``: each holds applications, and those of the six side tables that there are.

    New clients whose files name no agency go to ``agency``, or to the company's first one. A second request for an
    import that is queued or running returns the same job. Raises ApplicationError for a missing or repeated folder.
    """
    if not folders:
        raise ApplicationError(_("Name the folder that holds the tables."), field="folders")
    places = [folder.expanduser().resolve() for folder in folders]
    for place in places:
        if not place.is_dir():
            raise ApplicationError(_("The folder %(folder)s does not exist.") % {"folder": place}, field="folders")
    if len(set(places)) < len(places):
        raise ApplicationError(_("Name each folder once."), field="folders")
    agency = " ".join(agency.split())
    if len(agency) > LONGEST_NAME:
        sentence = _("The name of an agency has at most %(count)d characters.")
        raise ApplicationError(sentence % {"count": LONGEST_NAME}, field="agency")
    arguments = {"folders": [str(place) for place in places], "agency": agency}
    key = hashlib.sha256(json.dumps(arguments).encode()).hexdigest()
    return create_job(IMPORT_HOME_CREDIT, arguments=arguments, by=by, dedupe_key=key)
