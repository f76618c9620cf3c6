"""Trains a model on every client with a known outcome."""

from argparse import ArgumentParser, BooleanOptionalAction, Namespace

from django.utils.translation import gettext as _

from credit.ml.card import ModelCard, TrainingConfig
from credit.ml.records import from_json
from credit.models import ModelVersion
from credit.presenters.model_card import card_warnings
from credit.services.model_versions import TrainingRequest, request_training
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Trains a model on every client with a known outcome; the result is a candidate until it is promoted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        config = TrainingConfig()
        parser.add_argument("--seed", type=int, default=config.seed, help=f"default {config.seed}")
        parser.add_argument("--folds", type=int, default=config.folds, help=f"default {config.folds}")
        monotone = "let late payments, debts and refusals only raise the risk, income and external scores only lower it"
        parser.add_argument("--monotone", action=BooleanOptionalAction, default=config.is_monotone, help=monotone)
        parser.add_argument("--promote", action="store_true", help="make it the active model")

    def request(self, options: Namespace) -> Job:
        request = TrainingRequest(options.seed, options.folds, options.promote, options.monotone)
        return request_training(request=request, by=SYSTEM)

    def describe(self, job: Job) -> str:
        number = job.result["model_version"]
        card = from_json(ModelCard, ModelVersion.objects.get(number=number).card)
        if job.result["promoted"]:
            done = _("Model version %(number)d is trained and active.")
        else:
            done = _("Model version %(number)d is trained, a candidate: promote_model makes it active.")
        return "\n".join([done % {"number": number}, *card_warnings(card)])
