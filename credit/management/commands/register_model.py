"""Takes in a LightGBM model that was trained elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from credit.services.model_versions import Registration, promote, register
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM


class Command(DatabaseCommand):
    help = (
        "Registers a LightGBM text model. Its columns are ours, or come in --features: SK_ID_CURR plus the model's "
        "columns; scores and SHAP values are then LightGBM's on that file to the last digit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", type=Path, help="the text model, as Booster.save_model writes it")
        parser.add_argument("--card", type=Path, help="what is known of it, as JSON: threshold, metrics, ...")
        parser.add_argument("--features", type=Path, help="SK_ID_CURR and the model's columns, .csv or .parquet")
        parser.add_argument(
            "--allow-protected", action="store_true", help="also a model that reads sex: to study, never to promote"
        )
        parser.add_argument("--promote", action="store_true", help="make it the active model")

    def handle(
        self,
        *args: object,
        model: Path,
        card: Path | None,
        features: Path | None,
        promote: bool,
        allow_protected: bool,
        **options: object,
    ) -> None:
        try:
            registration = _register(model, card, features, allow_protected, is_promoted=promote)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for line in _summary(registration):
            self.stdout.write(line)


@transaction.atomic
def _register(
    model: Path, card: Path | None, features: Path | None, allows_protected: bool, *, is_promoted: bool
) -> Registration:
    registration = register(
        text=_text(model), card=_payload(card), features=features, allows_protected=allows_protected, by=SYSTEM
    )
    if is_promoted:
        promote(model_version=registration.model_version, by=SYSTEM)
    return registration


def _text(path: Path) -> str:
    """The file as it is: the bytes are what the model's sha256 stands for, so no line end is touched."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApplicationError(_("%(file)s is not a text model: it is not UTF-8.") % {"file": path.name}) from error


def _payload(path: Path | None) -> object:
    if path is None:
        return {}
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        sentence = _("%(file)s is not JSON: %(reason)s.")
        raise ApplicationError(sentence % {"file": path.name, "reason": error}, field="card") from error


def _summary(registration: Registration) -> list[str]:
    """What the person who registered it should know, a sentence a line."""
    version = registration.model_version
    state = version.get_status_display()
    lines = [_("Model version %(number)d is registered (%(state)s).") % {"number": version.number, "state": state}]
    if registration.clients:
        lines.append(_("%(count)d clients have features from the file.") % {"count": registration.clients})
    if registration.unknown_clients:
        lines.append(
            _("%(count)d rows of the file are of clients who are not known here, and are left out.")
            % {"count": registration.unknown_clients}
        )
    if registration.ignored_columns:
        lines.append(
            _("Columns that the model does not read are left out: %(names)s.")
            % {"names": ", ".join(registration.ignored_columns)}
        )
    if registration.protected_columns:
        lines.append(
            _("The model reads protected attributes, so it can never be promoted: %(names)s.")
            % {"names": ", ".join(registration.protected_columns)}
        )
    return lines
