"""Takes in a LightGBM model that was trained elsewhere."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from credit.ml.model.text import LARGEST as LARGEST_TEXT
from credit.ml.records import LARGEST_JSON
from credit.services.model_versions import Registration, card_payload, promote, register
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
    """The file as it is: its bytes are what a card's sha256 stands for."""
    try:
        return _content(path, LARGEST_TEXT, "model").decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApplicationError(_("%(file)s is not a text model: it is not UTF-8.") % {"file": path.name}) from error


def _payload(path: Path | None) -> object:
    return {} if path is None else card_payload(_content(path, LARGEST_JSON, "card"))


def _content(path: Path, largest: int, field: str) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        sentence = _("%(file)s has more than %(size)d MB.")
        raise ApplicationError(sentence % {"file": path.name, "size": largest // 1_000_000}, field=field)
    return content


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
    lines += [
        _("Values that are not among the model's categories are read as blanks. %(values)s.") % {"values": values}
        for values in registration.unknown_levels
    ]
    if registration.protected_columns:
        lines.append(
            _("The model reads protected attributes, so it can never be promoted: %(names)s.")
            % {"names": ", ".join(registration.protected_columns)}
        )
    return lines
