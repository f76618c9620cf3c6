"""What the credit application declares to the kernel: navigation, journal words and admin permissions."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.presenters.import_result import import_lines
from credit.selectors.metrics import credit_metrics
from pretadepenser.core.manifests import Manifest, NavigationEntry, ObjectType
from pretadepenser.core.roles import Permission

MANIFEST: Final = Manifest(
    navigation=(
        NavigationEntry(_("My queue"), "credit:home", Permission.VIEW_DECISIONS),
        NavigationEntry(_("Clients"), "credit:client_list", Permission.VIEW_CLIENTS),
        NavigationEntry(_("Model"), "credit:model_card", Permission.VIEW_MODELS),
        NavigationEntry(_("Monitoring"), "credit:monitoring", Permission.VIEW_MONITORING),
    ),
    journal_sentences={
        "client.opened": _("Opened the file"),
        "client.score_read": _("Read the score"),
        "client.reasons_read": _("Read the reasons of the score"),
        "client.stability_read": _("Read the stability of the score"),
        "client.simulations_opened": _("Opened the simulations of the file"),
        "client.decisions_read": _("Read the decisions on the file"),
        "client.ficp_read": _("Read the FICP consultations"),
        "client.reviews_read": _("Read the requests for review"),
        "client.editing_opened": _("Opened the file to edit it"),
        "client.person_read": _("Read what is held about the person"),
        "client.journal_read": _("Read the journal of the file"),
        "client.created": _("Created the file"),
        "client.changed": _("Edited the file"),
        "score.computed": _("Scored an application that was not kept"),
        "client.compared": _("Compared the client with others"),
        "client.simulated": _("Simulated other values"),
        "client.recourse_sought": _("Looked for the smallest change that passes the threshold"),
        "client.charges_recorded": _("Recorded the monthly charges"),
        "client.exported": _("Exported all the data of the person"),
        "client.erased": _("Erased all the data of the person"),
        "scenario.saved": _("Saved a simulation"),
        "scenario.deleted": _("Deleted a simulation"),
        "ficp.recorded": _("Recorded the FICP consultation"),
        "decision.taken": _("Took a decision"),
        "decision.countersigned": _("Countersigned a decision"),
        "decision.declined": _("Declined to countersign a decision"),
        "letter.opened": _("Opened the borrower's letter"),
        "letter.saved": _("Saved the borrower's letter as a PDF"),
        "review.requested": _("Recorded a request for review"),
        "review.closed": _("Closed a request for review"),
        "clients.imported": _("Imported clients"),
        "scores.exported": _("Exported the scores"),
        "model_version.trained": _("Trained a model"),
        "model_version.registered": _("Registered a model"),
        "model_version.promoted": _("Put a model into use"),
        "model_version.rolled_back": _("Rolled back to an earlier model"),
        "model_version.suspended": _("Suspended the model"),
        "model_version.resumed": _("Resumed the model"),
        "policy.simulated": _("Simulated another threshold"),
        "policy.activated": _("Changed the decision threshold"),
        "retention.applied": _("Applied the retention periods"),
    },
    object_types={
        "client": ObjectType(_("client"), "credit:client_file"),
        "modelversion": ObjectType(_("model version")),
        "thresholdpolicy": ObjectType(_("threshold policy")),
    },
    admin_permissions={
        "credit.modelversion": Permission.MANAGE_MODELS,
        "credit.thresholdpolicy": Permission.MANAGE_MODELS,
        "credit.featureset": Permission.MANAGE_MODELS,
    },
    metrics=(credit_metrics,),
    job_results={IMPORT_HOME_CREDIT.name: import_lines},
)
