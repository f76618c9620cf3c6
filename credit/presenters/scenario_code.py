"""A scenario as text for an address, and back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from credit.ml.columns import CATEGORIES
from credit.ml.inputs import Given
from credit.ml.simulation import Changes


def scenario_code(changes: Mapping[str, Given] | Changes) -> str:
    """Changes as text for an address: « AMT_CREDIT=250000 »."""
    return urlencode({name: f"{value:.12g}" if isinstance(value, float) else value for name, value in changes.items()})


def read_scenario(code: str) -> dict[str, Given]:
    """The changes of ``scenario_code``, none of a text that is no such thing.

    Numbers that are none stay as text, for the service to refuse.
    """
    try:
        pairs = parse_qsl(code, max_num_fields=40)
    except ValueError:
        return {}
    return {name: text if name in CATEGORIES else _number(text) for name, text in pairs}


def _number(text: str) -> Given:
    try:
        return float(text)
    except ValueError:
        return text
